import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { V1Project } from '#contract/v1/projects'
import type { Membership } from '#contract/v1/common'
import type { V1Environment } from '#contract/v1/environments'
import type { V1Token } from '#contract/v1/tokens'
import type { Database } from '#db/client'
import { createUser } from '#domain/accounts/users'
import { type Cast, createCast, personalToken } from '../world/cast.ts'
import type { Client } from '../http/client.ts'
import { type V1Client, V1Refusal, v1Client } from './client.ts'
import { type V1Schema, unlike } from './schemas.ts'

export type Target = { origin: string; send: Client; db: Database; stop(): Promise<unknown> }

const UNKNOWN = '019aa000-0000-7000-8000-000000000000'

/** The status and message of the refusal. */
export const refusalOf = async (call: Promise<unknown>) => {
  const answer = await call.catch((error: unknown) => error)
  if (!(answer instanceof V1Refusal))
    throw answer instanceof Error ? answer : new Error(`was not refused: ${JSON.stringify(answer)}`)
  return [answer.status, answer.message]
}

/** Tests by real requests that a server answers the v1 API as its clients expect. */
export function describeV1Api(lane: string, start: () => Promise<Target>) {
  let target: Target
  let cast: Cast
  beforeAll(async () => {
    target = await start()
    cast = await createCast(target.db)
  })
  afterAll(() => target.stop())

  let counter = 0
  const client = (bearer: string) => v1Client(target.origin, { bearer })
  const withToken = (projectToken: string) => v1Client(target.origin, { projectToken })

  /** A new person in an organization of their own, as their first v1 call creates it. */
  async function settler() {
    const email = `settler-${++counter}@example.test`
    const user = await createUser(target.db, { email, name: 'Settler' })
    return { ...user, bearer: await personalToken(target.db, user, null) }
  }

  /** A project created through this API, by its creator. */
  async function founded(name = `project-${++counter}`) {
    const founder = await settler()
    const v1 = client(founder.bearer)
    const created = await v1.post<{ id: string; token: string }>('/v1/projects', { name })
    return { ...created, founder, v1, byToken: withToken(created.token) }
  }

  describe(`the v1 API, through ${lane}`, () => {
    describe('answers the example request of each documented operation', () => {
      const examples: { name: string; status: number; schema?: V1Schema; call: (id: string) => [string, unknown?] }[] = [
        { name: 'list', status: 200, schema: 'Projects', call: () => ['GET /v1/projects'] },
        { name: 'create', status: 201, schema: 'CreatedProject', call: () => ['POST /v1/projects', { name: 'new-project' }] },
        { name: 'get', status: 200, schema: 'Project', call: (id) => [`GET /v1/projects/${id}`] },
        { name: 'delete', status: 200, schema: 'Deleted', call: (id) => [`DELETE /v1/projects/${id}`] },
        { name: 'update', status: 204, call: (id) => [`PATCH /v1/projects/${id}`, { name: 'new-project' }] },
      ]
      test.for(examples)('$name', async ({ status, schema, call }) => {
        const { id, founder } = await founded()
        const [request, json] = call(id)
        const answer = await target.send<unknown>(founder.bearer, request, {
          ...(json !== undefined && { json }),
          headers: { accept: '*/*' },
        })
        expect(answer.status, answer.text).toBe(status)
        expect(answer.headers.get('content-type')).toBe(schema ? 'application/json' : null)
        expect(schema ? unlike(schema, answer.body) : answer.text || null).toBeNull()
      })
    })

    test('serves a present-day client all of projects, tokens, members, environments and the audit log', async () => {
      const { id, v1, byToken, founder } = await founded('surface')
      // Projects
      const { items: projects } = await v1.list<V1Project>('/v1/projects', { last: 0, name: 'surface' })
      expect(unlike('Projects', projects)).toBeNull()
      expect(projects.map((project) => project.id)).toEqual([id])
      await v1.patch(`/v1/projects/${id}`, { name: null, v3Enabled: null })
      await v1.patch(`/v1/projects/${id}`, { name: 'renamed', v3Enabled: null })
      const project = await byToken.get<V1Project>(`/v1/projects/${id}`)
      expect(unlike('Project', project)).toBeNull()
      expect([project.name, 'membership' in project]).toEqual(['renamed', false])

      // Tokens: shown again as they were first
      const token = await v1.post<V1Token>(`/v1/projects/${id}/tokens`, { name: 'ci', permissions: null })
      expect(unlike('Token', token)).toBeNull()
      const { items: tokens } = await v1.list<V1Token>(`/v1/projects/${id}/tokens`, { last: 0 })
      expect(unlike('Tokens', tokens)).toBeNull()
      expect(tokens.map(({ name }) => name)).toEqual(['ci', 'default'])
      expect(tokens[0]).toEqual(token)
      await v1.patch(`/v1/project_tokens/${token.id}`, { name: 'ci-2', permissions: ['read:*'] })
      const reader = withToken(token.token)
      expect(await reader.get<V1Project>(`/v1/projects/${id}`)).toEqual(project)
      expect(await refusalOf(reader.patch(`/v1/projects/${id}`, { name: 'x' }))).toEqual([403, 'permission denied'])
      expect(await v1.get<V1Token>(`/v1/project_tokens/${token.id}`)).toEqual({ ...token, name: 'ci-2', permissions: ['read:*'] })
      await v1.delete(`/v1/project_tokens/${token.id}`)
      expect(await refusalOf(reader.get(`/v1/projects/${id}`))).toEqual([401, 'invalid token'])

      // Members
      const { items: members } = await byToken.list<Membership>(`/v1/projects/${id}/members`, { last: 0 })
      expect(unlike('Memberships', members)).toBeNull()
      expect(members.map(({ roles, user }) => [roles, user?.email])).toEqual([[['creator'], founder.email]])
      await v1.patch(`/v1/members/${members[0]!.id}`, { permissions: null })

      // Environments
      const made = await byToken.post<{ id: string; createdAt: string }>(`/v1/projects/${id}/environments`, {
        name: 'production',
      })
      expect(unlike('CreatedEnvironment', made)).toBeNull()
      await byToken.patch(`/v1/environments/${made.id}`, { name: 'prod' })
      const { items: environments } = await byToken.list<V1Environment>(`/v1/projects/${id}/environments`, { name: 'prod' })
      expect(unlike('Environments', environments)).toBeNull()
      expect(environments).toEqual([{ ...made, name: 'prod', updatedAt: expect.any(String) as string }])
      await byToken.delete(`/v1/environments/${made.id}`)

      // Recent actions, newest first, as this API lists them
      const log = await byToken.get<{ items: { action: string; url: string; responseCode: number }[]; endCursor?: string }>(
        `/v1/projects/${id}/audit_logs?first=3`,
      )
      expect(unlike('AuditLogs', log)).toBeNull()
      expect(log.items.map(({ action, url, responseCode }) => [action, url, responseCode])).toEqual([
        ['DELETE', `/v1/environments/${made.id}`, 200],
        ['UPDATE', `/v1/environments/${made.id}`, 200],
        ['CREATE', `/v1/projects/${id}/environments`, 201],
      ])
      const rest = await byToken.get<{ items: unknown[] }>(`/v1/projects/${id}/audit_logs?first=1000&after=${log.endCursor}`)
      expect(rest).not.toHaveProperty('endCursor')
      const creations = await byToken.get<{ items: { action: string }[] }>(`/v1/projects/${id}/audit_logs?action=CREATE`)
      expect(new Set(creations.items.map(({ action }) => action))).toEqual(new Set(['CREATE']))

      // Deletion
      expect(unlike('Deleted', await v1.delete(`/v1/projects/${id}`))).toBeNull()
      expect(await refusalOf(v1.get(`/v1/projects/${id}`))).toEqual([404, 'project not found'])
      expect(await refusalOf(byToken.get(`/v1/projects/${id}`))).toEqual([401, 'invalid token'])
    })

    test('lets the same client register agents and core instances, page through them, rename and delete them', async () => {
      const { id, v1, byToken } = await founded('edge')
      const nothingSaid = {
        os: '',
        arch: '',
        flags: null,
        rawConfig: '',
        metadata: null,
        tags: null,
        environmentID: '',
        fleetID: null,
      }
      const agent = (name: string) => ({
        name,
        machineID: name,
        type: 'fluentbit',
        version: 'v3.1.0',
        edition: 'community',
        ...nothingSaid,
      })
      const registered: { id: string; token: string }[] = []
      for (let i = 0; i < 5; i++) registered.push(await byToken.post('/v1/agents', agent(`host-${i}`)))
      for (const one of registered) expect(unlike('RegisteredAgent', one)).toBeNull()
      const path = `/v1/projects/${id}/agents`
      const first = await v1.list<{ name: string }>(path, { last: 3 })
      expect(unlike('Agents', first.items)).toBeNull()
      const second = await v1.list<{ name: string }>(path, { last: 3, before: first.endCursor! })
      expect([...first.items, ...second.items].map(({ name }) => name)).toEqual([4, 3, 2, 1, 0].map((i) => `host-${i}`))
      expect(second.endCursor).toBeNull()
      const [one] = registered as [{ id: string; token: string }]
      await v1.patch(`/v1/agents/${one.id}`, {
        name: 'renamed',
        version: null,
        edition: null,
        flags: null,
        rawConfig: null,
        metadata: null,
      })
      const itself = v1Client(target.origin, { agentToken: one.token })
      const seen = await itself.get<{ name: string }>(`/v1/agents/${one.id}`)
      expect([unlike('Agent', seen), seen.name]).toEqual([null, 'renamed'])
      expect(await refusalOf(v1.post('/v1/agents', agent('by-a-person')))).toEqual([403, 'permission denied'])

      const created = await byToken.post<{ id: string }>('/v1/aggregators', {
        name: 'core',
        version: 'v0.1.0',
        addHealthCheckPipeline: false,
        healthCheckPipelinePort: 0,
        healthCheckPipelinePortKind: '',
        tags: null,
        metadata: null,
        environmentID: '',
      })
      expect(unlike('CreatedCoreInstance', created)).toBeNull()
      expect((await byToken.post<{ nextPing: number }>(`/v1/aggregators/${created.id}/ping`)).nextPing).toBe(30_000_000_000)
      const { items: cores } = await v1.list(`/v1/projects/${id}/aggregators`, { last: 0 })
      expect(unlike('CoreInstanceList', cores)).toBeNull()
      const envelope = await v1.get<{ count: number; items: { status: string }[] }>(`/v1/projects/${id}/core_instances?`)
      expect([unlike('CoreInstances', envelope), envelope.count, envelope.items[0]!.status]).toEqual([null, 1, 'running'])
      expect(await v1.get<V1Project>(`/v1/projects/${id}`)).toMatchObject({ agentsCount: 5, aggregatorsCount: 1 })

      await v1.delete(
        `${path}?${registered
          .slice(1)
          .map((gone) => `agent_id=${gone.id}`)
          .join('&')}`,
      )
      await itself.patch(`/v1/agents/${one.id}`, { version: 'v3.2.0' })
      await v1.delete(`/v1/agents/${one.id}`)
      await v1.delete(`/v1/aggregators/${created.id}`)
      expect(await refusalOf(v1.get(`/v1/agents/${one.id}`))).toEqual([404, 'agent not found'])
      expect(await refusalOf(v1.get(`/v1/aggregators/${created.id}`))).toEqual([404, 'aggregator not found'])
      expect(await v1.get<V1Project>(`/v1/projects/${id}`)).toMatchObject({ agentsCount: 0, aggregatorsCount: 0 })
    })

    test.for(['tokens', 'environments'] as const)('%s page by `last` and `before`, in small pages', async (kind) => {
      const { id, v1 } = await founded()
      const path = `/v1/projects/${id}/${kind}`
      for (let i = 0; i < 7; i++) await v1.post(path, { name: `test-${i}`, permissions: [] })
      const seen: { name: string; createdAt: string }[] = []
      const cursors: (string | null)[] = []
      for (let before: string | null = ''; before !== null;) {
        const page: { items: typeof seen; endCursor: string | null } = await v1.list(path, {
          last: 3,
          before: before || undefined,
        })
        seen.push(...page.items)
        cursors.push((before = page.endCursor))
      }
      expect(seen.map(({ name }) => name)).toEqual([...Array.from({ length: 7 }, (_, i) => `test-${6 - i}`), 'default'])
      expect(cursors.at(-1)).toBeNull()
      expect(new Set(cursors).size).toBe(3)
      expect(seen.map(({ createdAt }) => createdAt)).toEqual(
        seen
          .map(({ createdAt }) => createdAt)
          .toSorted()
          .toReversed(),
      )
    })

    describe('refusals', () => {
      let at: Awaited<ReturnType<typeof founded>>
      let environmentId: string
      let memberId: string
      beforeAll(async () => {
        at = await founded()
        const [environment] = (await at.v1.list<V1Environment>(`/v1/projects/${at.id}/environments`)).items
        environmentId = environment!.id
        memberId = (await at.v1.list<Membership>(`/v1/projects/${at.id}/members`)).items[0]!.id
      })

      type Refused = [what: string, status: number, error: string, call: (v1: V1Client) => Promise<unknown>]
      const cases: Refused[] = [
        ['a malformed project id', 422, 'invalid project ID', (v1) => v1.get('/v1/projects/nope')],
        ['an unknown project', 404, 'project not found', (v1) => v1.get(`/v1/projects/${UNKNOWN}`)],
        ['a malformed token id', 422, 'invalid token ID', (v1) => v1.get('/v1/project_tokens/nope')],
        ['an unknown token', 404, 'token not found', (v1) => v1.get(`/v1/project_tokens/${UNKNOWN}`)],
        ['a malformed member id', 422, 'invalid member ID', (v1) => v1.delete('/v1/members/nope')],
        ['an unknown member', 404, 'member not found', (v1) => v1.delete(`/v1/members/${UNKNOWN}`)],
        ['a malformed environment id', 422, 'invalid environment ID', (v1) => v1.delete('/v1/environments/nope')],
        ['an unknown environment, deleted', 403, 'permission denied', (v1) => v1.delete(`/v1/environments/${UNKNOWN}`)],
        [
          'an unknown environment, renamed',
          404,
          'environment not found',
          (v1) => v1.patch(`/v1/environments/${UNKNOWN}`, { name: 'x' }),
        ],
        ['a cursor of no list', 422, 'decode cursor', (v1) => v1.list('/v1/projects', { before: 'x' })],
        ['a negative last', 422, 'invalid last', (v1) => v1.list('/v1/projects', { last: -1 })],
        ['an empty project name', 422, 'invalid project name', (v1) => v1.post('/v1/projects', { name: ' ' })],
        [
          'a project name that is too long',
          422,
          'invalid project name',
          (v1) => v1.patch(`/v1/projects/${at.id}`, { name: 'x'.repeat(101) }),
        ],
        ['a token without a name', 422, 'invalid token name', (v1) => v1.post(`/v1/projects/${at.id}/tokens`, { name: null })],
        ['a token name twice', 409, 'token name taken', (v1) => v1.post(`/v1/projects/${at.id}/tokens`, { name: 'default' })],
        [
          'an unknown permission',
          422,
          'invalid permission',
          (v1) => v1.post(`/v1/projects/${at.id}/tokens`, { name: 'x', permissions: ['read:project'] }),
        ],
        [
          'a permission twice',
          422,
          'duplicate permission',
          (v1) => v1.post(`/v1/projects/${at.id}/tokens`, { name: 'x', permissions: ['read:*', 'read:*'] }),
        ],
        [
          'an environment name',
          422,
          'invalid environment name',
          (v1) => v1.post(`/v1/projects/${at.id}/environments`, { name: 'invalid**' }),
        ],
        [
          'an environment name twice',
          409,
          'environment name taken',
          (v1) => v1.post(`/v1/projects/${at.id}/environments`, { name: 'default' }),
        ],
        [
          'the default environment, deleted',
          409,
          'The default environment can’t be deleted',
          (v1) => v1.delete(`/v1/environments/${environmentId}`),
        ],
        ['the last creator, removed', 409, 'cannot delete last creator', (v1) => v1.delete(`/v1/members/${memberId}`)],
        [
          'the last creator, narrowed',
          409,
          'cannot delete last creator',
          (v1) => v1.patch(`/v1/members/${memberId}`, { permissions: ['read:*'] }),
        ],
        ['an invitation to nobody', 422, 'invalid email', (v1) => v1.post(`/v1/projects/${at.id}/invite`, { email: 'x' })],
        [
          'an invitation of oneself',
          403,
          'cannot invite yourself',
          (v1) => v1.post(`/v1/projects/${at.id}/invite`, { email: at.founder.email }),
        ],
        [
          'an invitation to a strange page',
          422,
          'untrusted redirect URI',
          (v1) => v1.post(`/v1/projects/${at.id}/invite`, { email: 'a@b.test', redirectURI: 'https://evil.test' }),
        ],
        [
          'an invitation to no page',
          422,
          'invalid redirect URI',
          (v1) => v1.post(`/v1/projects/${at.id}/invite`, { email: 'a@b.test', redirectURI: 'x' }),
        ],
        ['an invitation that is none', 401, 'invalid invitation token', (v1) => v1.post('/v1/join_project', { token: 'x' })],
        ['an unknown route', 404, 'There is nothing at /v1/nowhere', (v1) => v1.get('/v1/nowhere')],
        ['a method', 405, 'DELETE is not allowed for this URL. Use GET, POST, HEAD, OPTIONS', (v1) => v1.delete('/v1/projects')],
      ]
      test.for(cases)('%s: %d %s', async ([, status, error, call]) => {
        expect(await refusalOf(call(at.v1))).toEqual([status, error])
      })

      test('answers another’s project, token, member and environment like ones that do not exist', async () => {
        const stranger = client((await settler()).bearer)
        const [token] = (await at.v1.list<V1Token>(`/v1/projects/${at.id}/tokens`)).items
        for (const [mine, unknown] of [
          [`/v1/projects/${at.id}`, `/v1/projects/${UNKNOWN}`],
          [`/v1/projects/${at.id}/tokens`, `/v1/projects/${UNKNOWN}/tokens`],
          [`/v1/project_tokens/${token!.id}`, `/v1/project_tokens/${UNKNOWN}`],
        ] as const) {
          expect(await refusalOf(stranger.get(mine))).toEqual(await refusalOf(stranger.get(unknown)))
        }
        expect(await refusalOf(stranger.delete(`/v1/members/${memberId}`))).toEqual([404, 'member not found'])
        expect(await refusalOf(stranger.delete(`/v1/environments/${environmentId}`))).toEqual([403, 'permission denied'])
      })

      const bad: [string, Record<string, string>][] = [
        ['nothing', {}],
        ['a bearer that is none', { authorization: 'Bearer x' }],
        ['a malformed header', { authorization: 'Basic eDp5' }],
        ['a project token that is none', { 'x-project-token': 'x' }],
        ['a session cookie', { cookie: 'next-auth.session-token=x' }],
      ]
      test.for(bad)('%s does not authenticate', async ([, headers]) => {
        const answer = await target.send(headers, 'GET /v1/projects')
        expect(answer.status).toBe(401)
        expect(unlike('Error', answer.body)).toBeNull()
      })

      test('refuses a token that was tampered with, or signed for another id', async () => {
        const [payload, signature] = at.token.split('.') as [string, string]
        const other = Buffer.from(JSON.stringify({ TokenID: UNKNOWN, ProjectID: at.id })).toString('base64url')
        const flipped = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)
        for (const forged of [`${other}.${signature}`, `${payload}.${flipped}`, `${payload}.`, payload, `${at.token}.x`]) {
          expect(await refusalOf(withToken(forged).get(`/v1/projects/${at.id}`))).toEqual([401, 'invalid token'])
        }
      })

      test('refuses to a project token what only people can do', async () => {
        const calls: (() => Promise<unknown>)[] = [
          () => at.byToken.list('/v1/projects'),
          () => at.byToken.post('/v1/projects', { name: 'x' }),
          () => at.byToken.delete(`/v1/projects/${at.id}`),
          () => at.byToken.post(`/v1/projects/${at.id}/tokens`, { name: 'x' }),
          () => at.byToken.delete(`/v1/members/${memberId}`),
          () => at.byToken.post('/v1/join_project', { token: 'x' }),
        ]
        for (const call of calls) expect(await refusalOf(call())).toEqual([403, 'permission denied'])
      })
    })

    test('uses whichever of two credentials fits each call', async () => {
      const { id, founder, token } = await founded()
      const elsewhere = await founded()
      const both = v1Client(target.origin, { bearer: founder.bearer, projectToken: token })
      expect((await both.list<V1Project>('/v1/projects', { name: 'default' })).items).toHaveLength(1)
      expect((await both.get<V1Project>(`/v1/projects/${id}`)).membership?.roles).toEqual(['creator'])
      // A caller who is not a member reaches the project of the token, with the token's rights.
      const mixed = v1Client(target.origin, { bearer: founder.bearer, projectToken: elsewhere.token })
      expect(await mixed.get<V1Project>(`/v1/projects/${elsewhere.id}`)).not.toHaveProperty('membership')
      const broken = v1Client(target.origin, { bearer: founder.bearer, projectToken: 'x' })
      expect(await refusalOf(broken.list('/v1/projects'))).toEqual([401, 'invalid token'])
    })

    test('lists, renames, scopes and nukes a project created here in the Org API, and makes its creator the owner', async () => {
      const { id, founder, v1, byToken, token } = await founded('Shared one')
      const { send } = target
      const [org] = (await send<{ id: string; slug: string }[]>(founder.bearer, 'GET /orgs')).body
      const at = `/orgs/${org!.slug}/projects`
      const listed = (
        await send<{ id: string; name: string; slug: string; createdAt: string }[]>(founder.bearer, `GET ${at}?q=Shared`)
      ).body
      expect(listed).toMatchObject([{ id, name: 'Shared one', slug: 'shared-one' }])
      expect(listed[0]!.createdAt).toBe((await v1.get<V1Project>(`/v1/projects/${id}`)).createdAt)
      expect((await send(founder.bearer, `PUT ${at}/${id}`, { json: { name: 'Renamed' } })).status).toBe(200)
      expect((await v1.get<V1Project>(`/v1/projects/${id}`)).name).toBe('Renamed')
      const members = (await send<{ userId: string; role: string }[]>(founder.bearer, `GET ${at}/${id}/members`)).body
      expect(members).toMatchObject([{ userId: founder.id, role: 'owner' }])
      // A token of this API works there, and the other way round.
      expect((await send(token, `GET ${at}/${id}`)).status).toBe(200)
      const opaque = await send<{ token: string }>(founder.bearer, `POST /${org!.slug}/${id}/tokens`, {
        json: { name: 'org', role: 'admin' },
      })
      expect((await withToken(opaque.body.token).get<V1Project>(`/v1/projects/${id}`)).id).toBe(id)
      const [shown] = (await v1.list<V1Token>(`/v1/projects/${id}/tokens`, { name: 'org' })).items
      expect(opaque.body.token.startsWith(shown!.token)).toBe(true)
      expect(shown!.token.length).toBeLessThan(12)
      const nuked = await send<{ rowCountsDeleted: Record<string, number> }>(token, `DELETE /${org!.slug}/${id}/nuke`)
      expect(nuked.body.rowCountsDeleted).toMatchObject({ agents: 0, core_instances: 0 })
      expect((await byToken.get<V1Project>(`/v1/projects/${id}`)).name).toBe('Renamed')
    })

    test('serves a project created in the Org API, with the roles and permissions of its members', async () => {
      const stage = await cast.project(`both-${++counter}`)
      const { owner, admin, member, viewer, newcomer, orgOwner } = cast.people
      const project = await client(owner.token).get<V1Project>(`/v1/projects/${stage.id}`)
      expect([project.name, project.membership?.roles]).toEqual([stage.name, ['creator']])
      expect((await client(admin.token).get<V1Project>(`/v1/projects/${stage.id}`)).membership?.roles).toEqual(['admin'])
      for (const one of [member, viewer])
        expect((await client(one.token).get<V1Project>(`/v1/projects/${stage.id}`)).membership?.roles).toEqual([])
      expect(await refusalOf(client(newcomer.token).get(`/v1/projects/${stage.id}`))).toEqual([404, 'project not found'])
      // An organization admin reaches it without being a member.
      expect(await client(cast.people.orgAdmin.token).get<V1Project>(`/v1/projects/${stage.id}`)).not.toHaveProperty('membership')
      const { items } = await client(orgOwner.token).list<Membership>(`/v1/projects/${stage.id}/members`)
      const memberId = (email: string) => items.find((one) => one.user?.email === email)!.id
      await client(admin.token).patch(`/v1/members/${memberId(member.email)}`, { permissions: ['read:*'] })
      const inOrgApi = await target.send<{ permissions: string[] }>(
        admin.token,
        `GET /orgs/acme/projects/${stage.id}/members/${member.id}`,
      )
      expect(inOrgApi.body.permissions).toEqual(['read:*'])
      // The member cannot regain lost rights, nobody can change the creator, and an admin can remove the member.
      expect(await refusalOf(client(member.token).patch(`/v1/members/${memberId(member.email)}`, { permissions: [] }))).toEqual([
        403,
        'permission denied',
      ])
      expect(await refusalOf(client(admin.token).delete(`/v1/members/${memberId(owner.email)}`))).toEqual([
        403,
        'permission denied',
      ])
      expect(unlike('Deleted', await client(admin.token).delete(`/v1/members/${memberId(member.email)}`))).toBeNull()
      expect(await refusalOf(client(member.token).get(`/v1/projects/${stage.id}`))).toEqual([404, 'project not found'])
    })

    test('hides the text of a token with more rights from a read-only token', async () => {
      const { id, v1, token } = await founded()
      const narrow = await v1.post<V1Token>(`/v1/projects/${id}/tokens`, { name: 'narrow', permissions: ['read:*'] })
      const { items } = await v1.list<V1Token>(`/v1/projects/${id}/tokens`)
      const whole = items.find(({ name }) => name === 'default')!
      expect(whole.token).toBe(token)
      const seen = await withToken(narrow.token).get<V1Token>(`/v1/project_tokens/${whole.id}`)
      expect(seen.token).not.toContain(token.slice(0, -10))
      expect((await withToken(narrow.token).get<V1Token>(`/v1/project_tokens/${narrow.id}`)).token).toBe(narrow.token)
    })

    test('enforces permissions by method', async () => {
      const { id, v1 } = await founded()
      const environments = [1, 2, 3, 4].map((i) => `e${i}`)
      for (const name of environments) await v1.post(`/v1/projects/${id}/environments`, { name })
      const { items } = await v1.list<V1Environment>(`/v1/projects/${id}/environments`)
      const calls: Record<string, (by: V1Client) => Promise<unknown>> = {
        'read:*': (by) => by.get(`/v1/projects/${id}`),
        'create:*': (by) => by.post(`/v1/projects/${id}/environments`, { name: `made-${++counter}` }),
        'update:*': (by) => by.patch(`/v1/projects/${id}`, { name: 'again' }),
        'delete:*': (by) => by.delete(`/v1/environments/${items[0]!.id}`),
      }
      const outcome = (call: Promise<unknown>) =>
        call.then(
          () => 'done',
          (error: Error) => error.message,
        )
      for (const permission of Object.keys(calls)) {
        const { token } = await v1.post<V1Token>(`/v1/projects/${id}/tokens`, { name: permission, permissions: [permission] })
        const done: string[] = []
        for (const [needed, call] of Object.entries(calls)) {
          const result = await outcome(call(withToken(token)))
          if (result === 'done') done.push(needed)
          expect(['done', 'permission denied']).toContain(result)
        }
        expect(done).toEqual([permission])
      }
    })

    test('serves a document that describes each operation once', async () => {
      const { body } = await target.send<{ openapi: string; paths: Record<string, object> }>(null, 'GET /v1/openapi.json')
      expect(body.openapi).toBe('3.1.0')
      expect(Object.keys(body.paths)).toEqual(
        expect.arrayContaining(['/v1/projects', '/v1/join_project', '/v1/environments/{environmentID}']),
      )
    })
  })
}
