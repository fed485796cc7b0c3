import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertSession } from '#db/queries/accounts/sessions'
import type { DB } from '#db/schema'
import { newId } from '#domain/ids'
import { invitationToken } from '#domain/organizations/invitations'
import { type Cast, type Stage, createCast, personalToken } from '../support/world/cast.ts'
import type { Who } from '../support/http/client.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { browser } from '../support/http/session.ts'

/*
 * Whatever expires is refused from that moment by the database's clock: on the very next request, in both APIs, without any job.
 */

let lane: Lane
let cast: Cast
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
})
afterAll(() => lane.stop())

/** Something that expires: its row, the caller, and their requests with the answers before and after. */
type Ending = {
  table: keyof DB
  where: ReturnType<typeof sql<boolean>>
  as: Who
  asks: { request: string; json?: unknown; admitted: number; refused: string }[]
}

const refusedWith = ({ status, body }: { status: number; body: { code?: string; error?: string } }) =>
  `${status} ${body.code ?? body.error}`

const entity = { entityType: 'server', name: 'web' }
const v1Agent = { name: 'host', machineID: 'm', type: 'fluentbit', version: '3.0.0', edition: 'community' }

/** Reads and writes in a project, in both APIs. */
const within = ({ id, slug }: Stage, refused: { orgApi: string; v1: string; withoutProject?: string }) => [
  { request: `GET /orgs/acme/projects/${slug}`, admitted: 200, refused: refused.orgApi },
  { request: `GET /acme/${slug}/envs/default/entities`, admitted: 200, refused: refused.orgApi },
  { request: `POST /acme/${slug}/envs/default/entities`, json: entity, admitted: 404, refused: refused.orgApi },
  { request: `DELETE /acme/${slug}/nuke`, admitted: 200, refused: refused.withoutProject ?? refused.orgApi },
  { request: `GET /v1/projects/${id}`, admitted: 200, refused: refused.v1 },
  { request: `GET /v1/projects/${id}/agents`, admitted: 200, refused: refused.v1 },
  { request: `POST /v1/projects/${id}/environments`, json: { name: 'made' }, admitted: 201, refused: refused.v1 },
]

const endings: Record<string, (stage: Stage) => Promise<Ending>> = {
  'a membership of a project': async (stage) => ({
    table: 'project_members',
    where: sql`project_id = ${stage.id} and user_id = ${cast.people.admin.id}`,
    as: cast.people.admin.token,
    asks: within(stage, { orgApi: '404 project_not_found', v1: '404 project not found', withoutProject: '403 forbidden' }),
  }),
  'a project token': async (stage) => ({
    table: 'project_tokens',
    where: sql`project_id = ${stage.id}`,
    as: stage.tokens.owner,
    asks: within(stage, { orgApi: '401 unauthenticated', v1: '401 invalid token' }),
  }),
  'a project token, in the header of the v1 API': async (stage) => ({
    table: 'project_tokens',
    where: sql`project_id = ${stage.id}`,
    as: { 'x-project-token': stage.tokens.owner },
    asks: [
      { request: `GET /v1/projects/${stage.id}`, admitted: 200, refused: '401 invalid token' },
      { request: 'POST /v1/agents', json: v1Agent, admitted: 201, refused: '401 invalid token' },
    ],
  }),
  'a project token that the v1 API has issued': async (stage) => {
    const { body } = await lane.send<{ id: string; token: string }>(
      cast.people.orgOwner.token,
      `POST /v1/projects/${stage.id}/tokens`,
      { json: { name: 'issued' } },
    )
    return {
      table: 'project_tokens',
      where: sql`id = ${body.id}`,
      as: { 'x-project-token': body.token },
      asks: [
        { request: `GET /v1/projects/${stage.id}`, admitted: 200, refused: '401 invalid token' },
        { request: `GET /orgs/acme/projects/${stage.slug}`, admitted: 200, refused: '401 unauthenticated' },
        { request: `POST /v1/agents`, json: v1Agent, admitted: 201, refused: '401 invalid token' },
      ],
    }
  },
  'a personal token': async (stage) => {
    const token = await personalToken(lane.db, cast.people.orgAdmin, null)
    const prefix = token.slice(0, 12)
    return {
      table: 'personal_tokens',
      where: sql`starts_with(${prefix}, token_prefix) and user_id = ${cast.people.orgAdmin.id}`,
      as: token,
      asks: [
        { request: 'GET /orgs', admitted: 200, refused: '401 unauthenticated' },
        { request: 'GET /v1/projects', admitted: 200, refused: '401 invalid token' },
        ...within(stage, { orgApi: '401 unauthenticated', v1: '401 invalid token' }),
      ],
    }
  },
  'a session': async (stage) => ({
    table: 'sessions',
    where: sql`id = ${cast.people.orgOwner.credentialId}`,
    as: await browser(cast.people.orgOwner.credentialId),
    asks: [
      { request: 'GET /me', admitted: 200, refused: '401 unauthenticated' },
      { request: `GET /orgs/acme/projects/${stage.slug}`, admitted: 200, refused: '401 unauthenticated' },
      { request: `POST /acme/${stage.slug}/environments`, json: { name: 'made' }, admitted: 201, refused: '401 unauthenticated' },
    ],
  }),
  'a look at a project as somebody else': async (stage) => {
    const { orgOwner, viewer } = cast.people
    const sessionId = newId()
    await insertSession(lane.db, { id: sessionId, user_id: orgOwner.id, address: null, user_agent: null, hours: 1 })
    const as = await browser(sessionId)
    const started = await lane.send(as, `POST /orgs/acme/projects/${stage.slug}/view-as`, { json: { userId: viewer.id } })
    expect(started.status, started.text).toBe(201)
    // An active view-as allows only reading. `refused` is the answer that the viewer gets as themselves, once it has ended.
    return {
      table: 'viewings',
      where: sql`session_id = ${sessionId}`,
      as,
      asks: [
        { request: 'GET /orgs/acme/members', admitted: 403, refused: '200 undefined' },
        {
          request: `POST /acme/${stage.slug}/envs/default/entities`,
          json: entity,
          admitted: 403,
          refused: '404 entity_type_not_found',
        },
      ],
    }
  },
  'an invitation': async (stage) => {
    const email = `${stage.slug}@elsewhere.test`
    await lane.send(cast.people.orgOwner.token, 'POST /orgs/acme/invitations', { json: { invitations: [{ email }] } })
    const { id } = await lane.db.selectFrom('invitations').select('id').where('email', '=', email).executeTakeFirstOrThrow()
    const link = `/invitations/${invitationToken(id)}`
    return {
      table: 'invitations',
      where: sql`id = ${id}`,
      as: null,
      asks: [
        { request: `GET ${link}`, admitted: 200, refused: '401 invitation_expired' },
        {
          request: `POST ${link}/accept`,
          json: { name: 'New', password: 'tuesday apricot lantern' },
          admitted: 200,
          refused: '401 invitation_expired',
        },
      ],
    }
  },
  'an invitation of the v1 API': async (stage) => {
    const invitee = await cast.world.person('viewer')
    await lane.send(cast.people.orgOwner.token, `POST /v1/projects/${stage.id}/invite`, { json: { email: invitee.email } })
    const { id } = await lane.db
      .selectFrom('invitations')
      .select('id')
      .where('email', '=', invitee.email)
      .executeTakeFirstOrThrow()
    return {
      table: 'invitations',
      where: sql`id = ${id}`,
      as: await personalToken(lane.db, invitee, null),
      asks: [
        {
          request: 'POST /v1/join_project',
          json: { token: invitationToken(id) },
          admitted: 204,
          refused: '401 invitation expired',
        },
      ],
    }
  },
}

/** Moves the expiry to this many seconds from the database's now, which is the start of the statement. */
async function endsIn(seconds: number, { table, where }: Ending): Promise<void> {
  const { numAffectedRows } = await sql`update ${sql.table(table)} set expires_at = now() + make_interval(secs => ${seconds})
    where ${where}`.execute(lane.db)
  expect(numAffectedRows).toBeGreaterThan(0n)
}

let counter = 0
const stageOf = () => cast.project(`expiry-${++counter}`)

test.for(Object.entries(endings))('%s is valid until its moment, and neither at it nor a second after', async ([, endingOf]) => {
  const ending = await endingOf(await stageOf())
  for (const seconds of [-1, 0]) {
    await endsIn(seconds, ending)
    for (const { request, json, refused } of ending.asks) {
      expect([seconds, request, refusedWith(await lane.send(ending.as, request, { json }))]).toEqual([seconds, request, refused])
    }
  }
  await endsIn(3600, ending)
  for (const { request, json, admitted } of ending.asks) {
    const { status, text } = await lane.send(ending.as, request, { json })
    expect([request, status], text).toEqual([request, admitted])
  }
})

test('covers every table whose rows grant rights until an expiry', async () => {
  const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'expires_at' order by 1`.execute(lane.db)
  const stage = await stageOf()
  const covered = new Set<string>()
  for (const endingOf of Object.values(endings)) covered.add((await endingOf(stage)).table)
  const others = {
    expiry_notices: 'which expiry was announced already',
    invitation_projects: 'when the membership will expire, once the invitation is accepted',
    spent_nonces: 'how long a used nonce is remembered; what used it has expired by then',
  }
  expect(rows.map(({ name }) => name)).toEqual([...covered, ...Object.keys(others)].toSorted())
})

test('lists no expired membership, and replays nothing for an expired token', async () => {
  const stage = await stageOf()
  const { admin } = cast.people
  const membership: Ending = {
    table: 'project_members',
    where: sql`project_id = ${stage.id} and user_id = ${admin.id}`,
    as: admin.token,
    asks: [],
  }
  const slugs = async () =>
    (await lane.send<{ slug: string }[]>(admin.token, 'GET /orgs/acme/projects?limit=200')).body.map(({ slug }) => slug)
  const ids = async () => (await lane.send<{ id: string }[]>(admin.token, 'GET /v1/projects?last=0')).body.map(({ id }) => id)
  expect([(await slugs()).includes(stage.slug), (await ids()).includes(stage.id)]).toEqual([true, true])
  await endsIn(0, membership)
  expect([(await slugs()).includes(stage.slug), (await ids()).includes(stage.id)]).toEqual([false, false])

  const once = () =>
    lane.send(stage.tokens.admin, `POST /acme/${stage.slug}/environments`, {
      json: { name: 'once' },
      headers: { 'idempotency-key': 'once' },
    })
  expect((await once()).status).toBe(201)
  expect((await once()).headers.get('idempotency-replayed')).toBe('true')
  await endsIn(0, { table: 'project_tokens', where: sql`project_id = ${stage.id}`, as: null, asks: [] })
  expect((await once()).status).toBe(401)
})
