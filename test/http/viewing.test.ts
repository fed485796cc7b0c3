import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Access } from '#contract/review/access'
import { operations } from '#contract/operations'
import type { Viewing } from '#contract/accounts/view-as'
import { v1Operations } from '#contract/v1/operations'
import { insertSession } from '#db/queries/accounts/sessions'
import { newId } from '#domain/ids'
import { type Cast, type Player, type Stage, createCast } from '../support/world/cast.ts'
import { digest } from '../support/http/digest.ts'
import { nameOf } from '../support/http/examples.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { browser } from '../support/http/session.ts'

let lane: Lane
let cast: Cast
let alpha: Stage
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  alpha = await cast.project('alpha')
  await cast.project('beta')
  const { owner } = alpha.tokens
  const made = async (request: string, json: unknown) =>
    expect(await lane.send(owner, request, { json })).toMatchObject({ status: 201 })
  await made('POST /acme/alpha/entity-types', {
    name: 'server',
    states: ['active'],
    initialState: 'active',
    properties: [{ name: 'region', type: 'string' }],
  })
  await made('POST /acme/alpha/cells', { name: 'eu', entityType: 'server', membership: { derivedFrom: { property: 'region' } } })
  for (const region of ['eu', 'us'])
    await made('POST /acme/alpha/envs/default/entities', { entityType: 'server', name: region, properties: { region } })
})
afterAll(() => lane.stop())

const at = '/orgs/acme/projects/alpha'

/** A browser session of its own, so that its view-as is its own too. */
async function signedIn({ id }: Player) {
  const sessionId = newId()
  await insertSession(lane.db, { id: sessionId, user_id: id, address: null, user_agent: null, hours: 1 })
  const headers = await browser(sessionId)
  return {
    headers,
    send: <Body>(request: string, json?: unknown) => lane.send<Body>(headers, request, request.startsWith('GET') ? {} : { json }),
    view: (userId: string) => lane.send<Viewing>(headers, `POST ${at}/view-as`, { json: { userId } }),
    stop: () => lane.send(headers, 'DELETE /me/view-as'),
    names: async () => {
      const { body } = await lane.send<{ name: string }[]>(headers, 'GET /acme/alpha/envs/default/entities')
      return body.map(({ name }) => name)
    },
    sessionId,
  }
}

const member = async (rights: Parameters<Cast['world']['member']>[1]) => cast.world.member({ id: alpha.id }, rights)

describe('a session that views the project as a member of one cell', () => {
  test('reads what the member reads, and reads as itself after Stop; the audit log names both', async () => {
    const leila = await member({ role: 'member', cellScopes: ['eu'] })
    const it = await signedIn(cast.people.orgOwner)
    expect(await it.names()).toEqual(['eu', 'us'])
    const { body: viewing } = await it.view(leila.id)
    expect(viewing).toMatchObject({ project: { slug: 'alpha' }, user: { id: leila.id, email: leila.email } })
    expect(Date.parse(viewing.expiresAt) - Date.now()).toBeLessThanOrEqual(30 * 60_000)
    expect(await it.names()).toEqual(['eu'])
    expect(await it.send('GET /me')).toMatchObject({ body: { id: cast.people.orgOwner.id, viewing: { user: { id: leila.id } } } })
    expect(await it.stop()).toMatchObject({ status: 200, body: { stopped: true } })
    expect(await it.stop()).toMatchObject({ status: 200, body: { stopped: false } })
    expect(await it.names()).toEqual(['eu', 'us'])
    const { body: events } = await it.send<object[]>(`GET /acme/alpha/audit-events?target=${leila.id}`)
    const [ended, started] = events
    const event = { actor: { id: cast.people.orgOwner.id }, target: { id: leila.id, name: leila.email } }
    expect(started).toMatchObject({ ...event, action: 'member.viewed', after: { expiresAt: viewing.expiresAt } })
    expect(ended).toMatchObject({ ...event, action: 'member.viewing-ended' })
  })

  test('gets the member’s access, with every write denied and its reason', async () => {
    const leila = await member({ role: 'member', cellScopes: ['eu'] })
    const it = await signedIn(cast.people.orgOwner)
    await it.view(leila.id)
    const { body } = await it.send<Access>(`GET ${at}/access`)
    expect(body).toMatchObject({ userId: leila.id, role: 'member', source: 'project', cellScopes: ['eu'] })
    expect(body.permissions).toEqual(['project:read', 'catalog:read', 'data:read'])
    expect(body.can['data:write']).toMatchObject({ rule: 'viewing_as', code: 'viewing_as', verbs: [] })
    expect(body.can['catalog:write']).toMatchObject({ rule: 'project_role', code: 'forbidden' })
    expect(await it.send(`GET ${at}/access?userId=${cast.people.viewer.id}`)).toMatchObject({ status: 403 })
    const entity = async (name: string) =>
      (await it.send<Access>(`GET ${at}/access?env=default&entity=${name}`)).body.entity?.rule
    expect([await entity('eu'), await entity('us')]).toEqual(['in_cell_scope', 'no_such_entity'])
  })

  test('changes nothing by any operation of either API', async () => {
    const leila = await member({ role: 'owner' })
    const it = await signedIn(cast.people.orgOwner)
    await it.view(leila.id)
    const before = await digest(lane.db)
    const answers: Record<string, string> = {}
    const filled = (path: string) =>
      path
        .replaceAll(/\{(o|orgId)\}/g, 'acme')
        .replaceAll(/\{(p|projectId|projectID)\}/g, alpha.id)
        .replaceAll(/\{\w*(I[dD]|userId)\}/g, newId())
        .replaceAll(/\{\w+\}/g, 'x')
    const writes = operations.filter(({ method, permission }) => method !== 'GET' && permission !== 'public')
    for (const one of writes.filter(({ path }) => path !== '/me/view-as')) {
      const { status, body } = await it.send<{ code: string }>(`${one.method} ${filled(one.path)}`, {})
      answers[nameOf(one)] = `${status} ${body.code}`
    }
    expect(Object.keys(answers).length).toBeGreaterThan(50)
    expect(Object.entries(answers).filter(([, answer]) => answer !== '403 viewing_as')).toEqual([])
    for (const one of v1Operations) {
      const { status } = await it.send(`${one.method} ${filled(one.path)}`, {})
      expect([nameOf(one), status]).toEqual([nameOf(one), 401])
    }
    expect(await digest(lane.db)).toBe(before)
  })

  test('cannot reach the rest of the console, and gets a sentence that says why', async () => {
    const it = await signedIn(cast.people.orgOwner)
    await it.view(cast.people.viewer.id)
    const refused = { status: 403, body: { code: 'viewing_as', error: expect.stringContaining('as viewer, read-only') } }
    for (const path of [
      '/orgs/acme/projects/beta',
      '/acme/beta/envs/default/entities',
      '/orgs/acme/members',
      '/orgs/acme/invitations',
      '/orgs/acme/personal-tokens',
      '/orgs/acme/deleted-projects',
      '/me/sessions',
    ])
      expect([path, await it.send(`GET ${path}`)]).toMatchObject([path, refused])
    expect((await it.send<{ slug: string }[]>('GET /orgs/acme/projects')).body.map(({ slug }) => slug)).toEqual(['alpha'])
    expect((await it.send('GET /orgs/acme/project-summaries')).body).toMatchObject([{ slug: 'alpha', role: 'viewer' }])
    expect(await it.send('GET /orgs/acme')).toMatchObject({ status: 200, body: { role: 'member' } })
    const { body } = await it.send<{ can: Record<string, { code: string | null }> }>('GET /orgs/acme/access')
    const codes = Object.entries(body.can).filter(([action]) => action !== 'projects:list')
    expect(new Set(codes.map(([, { code }]) => code))).toEqual(new Set(['viewing_as']))
  })
})

describe('viewing as somebody grants nothing beyond the viewer’s own rights', () => {
  test('an admin views as an owner with an admin’s rights', async () => {
    const it = await signedIn(cast.people.admin)
    await it.view(cast.people.owner.id)
    expect(await it.send(`GET ${at}/access`)).toMatchObject({ body: { userId: cast.people.owner.id, role: 'admin' } })
  })

  test('an admin limited to some verbs views with only these', async () => {
    const admin = await member({ role: 'admin' })
    const writer = await member({ role: 'member' })
    const verbs = (id: string, given: string[]) =>
      lane.db.updateTable('project_members').set({ verbs: given }).where('user_id', '=', id).execute()
    await verbs(admin.id, ['create:*', 'read:*'])
    await verbs(writer.id, ['create:*', 'update:*'])
    const it = await signedIn({ ...admin, token: '' })
    expect(await it.view(writer.id)).toMatchObject({ status: 409, body: { code: 'nothing_to_view' } })
    await verbs(writer.id, ['read:*', 'update:*'])
    expect(await it.view(writer.id)).toMatchObject({ status: 201 })
    expect(await it.send(`GET ${at}/access`)).toMatchObject({ body: { verbs: ['read:*'] } })
  })

  test.for([
    ['a member', 'member', 403, 'forbidden'],
    ['an admin of one cell', 'cellAdmin', 403, 'scoped_actor'],
    ['somebody without the project', 'orgMember', 404, 'project_not_found'],
  ] as const)('%s cannot view as anybody', async ([, who, status, code]) => {
    const it = await signedIn(cast.people[who])
    expect(await it.view(cast.people.viewer.id)).toMatchObject({ status, body: { code } })
  })

  test('no token can view as anybody', async () => {
    for (const token of [cast.people.orgOwner.token, alpha.tokens.owner])
      expect(await lane.send(token, `POST ${at}/view-as`, { json: { userId: cast.people.viewer.id } })).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      })
    const it = await signedIn(cast.people.orgOwner)
    await it.view(cast.people.viewer.id)
    // A person's tokens are independent of their browser's session.
    expect(await lane.send(cast.people.orgOwner.token, 'PATCH /orgs/acme', { json: { name: 'Acme' } })).toMatchObject({
      status: 200,
    })
  })
})

describe('who cannot be viewed as', () => {
  test('oneself, a stranger, and a person without access or with expired access', async () => {
    const it = await signedIn(cast.people.orgOwner)
    const expired = await member({ role: 'viewer', expiresAt: '2099-01-01T00:00:00Z' })
    const past = new Date(Date.now() - 1000).toISOString()
    await lane.db.updateTable('project_members').set({ expires_at: past }).where('user_id', '=', expired.id).execute()
    const answer = async (id: string) => {
      const { status, body } = await lane.send(it.headers, `POST ${at}/view-as`, { json: { userId: id } })
      return `${status} ${body.code}`
    }
    expect(await answer(cast.people.orgOwner.id)).toBe('403 viewing_yourself')
    expect(await answer(cast.stranger.id)).toBe('404 user_not_found')
    expect(await answer(newId())).toBe('404 user_not_found')
    expect(await answer(cast.people.orgMember.id)).toBe('409 nothing_to_view')
    expect(await answer(expired.id)).toBe('409 nothing_to_view')
  })
})

describe('viewing ends at once', () => {
  const isViewing = async (it: Awaited<ReturnType<typeof signedIn>>) =>
    (await it.send<{ viewing?: unknown }>('GET /me')).body.viewing !== undefined

  test('when the member is removed', async () => {
    const leila = await member({ role: 'viewer' })
    const it = await signedIn(cast.people.orgOwner)
    await it.view(leila.id)
    expect(await isViewing(it)).toBe(true)
    await lane.send(alpha.tokens.owner, `DELETE ${at}/members/${leila.id}`)
    expect(await isViewing(it)).toBe(false)
    expect(await it.send(`GET ${at}/access`)).toMatchObject({ body: { userId: cast.people.orgOwner.id, role: 'owner' } })
    await lane.send(alpha.tokens.owner, `POST ${at}/members`, { json: { userId: leila.id } })
    expect(await isViewing(it)).toBe(false)
  })

  test('when the viewer can no longer manage members', async () => {
    const admin = await member({ role: 'admin' })
    const it = await signedIn({ ...admin, token: '' })
    await it.view(cast.people.owner.id)
    expect(await isViewing(it)).toBe(true)
    await lane.send(alpha.tokens.owner, `PATCH ${at}/members/${admin.id}`, { json: { role: 'viewer' } })
    expect(await isViewing(it)).toBe(false)
    expect(await it.send(`GET ${at}/access`)).toMatchObject({ body: { userId: admin.id, role: 'viewer' } })
  })

  test('when its time expires, and with the session', async () => {
    const it = await signedIn(cast.people.orgOwner)
    await it.view(cast.people.viewer.id)
    const own = lane.db.updateTable('viewings').where('session_id', '=', it.sessionId)
    await own.set({ expires_at: new Date(Date.now() - 1).toISOString() }).execute()
    expect(await isViewing(it)).toBe(false)
    expect(await it.view(cast.people.viewer.id)).toMatchObject({ status: 201 })
    await lane.db.deleteFrom('sessions').where('id', '=', it.sessionId).execute()
    expect(await lane.db.selectFrom('viewings').select('user_id').where('session_id', '=', it.sessionId).execute()).toEqual([])
  })
})
