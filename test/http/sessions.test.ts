import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Session } from '#contract/accounts/sessions'
import { insertSession } from '#db/queries/accounts/sessions'
import type { UserActor } from '#domain/context'
import { newId } from '#domain/ids'
import { type Cast, createCast } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { rowsOf } from '../support/http/pages.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { browser } from '../support/http/session.ts'

let lane: Lane
let cast: Cast
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
})
afterAll(() => lane.stop())

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

let person: UserActor
let mine: Record<string, string>
beforeEach(async () => {
  person = await cast.world.person()
  mine = await browser(person.credentialId)
})

/** Another browser of this person, as the headers it sends. */
async function elsewhere(user: { id: string } = person) {
  const id = newId()
  await insertSession(lane.db, { id, user_id: user.id, address: '198.51.100.7', user_agent: firefox, hours: 1 })
  return { id, headers: await browser(id) }
}

const events = (action: string) =>
  lane.db
    .selectFrom('audit_events')
    .select(['actor_name', 'target_kind', 'target_id', 'target_name', 'before'])
    .where('action', '=', action)
    .where('actor_id', '=', person.id)
    .execute()

const isLive = async (headers: Record<string, string>) => (await lane.send(headers, 'GET /me')).status === 200

test('lists only the person’s own sessions, newest first, and marks the current one', async () => {
  const other = await elsewhere()
  await elsewhere(await cast.world.person())
  const over = await elsewhere()
  await lane.db
    .updateTable('sessions')
    .set({ expires_at: new Date(Date.now() - 1).toISOString() })
    .where('id', '=', over.id)
    .execute()
  const { body } = await lane.send<Session[]>(mine, 'GET /me/sessions')
  expect(body).toMatchObject([
    { id: other.id, current: false, device: 'Firefox on Linux', address: '198.51.100.7', userAgent: firefox },
    { id: person.credentialId, current: true, device: 'Unknown device', address: null, userAgent: null },
  ])
})

test('pages through them without a gap', async () => {
  const ids = [person.credentialId]
  for (let i = 0; i < 4; i++) ids.unshift((await elsewhere()).id)
  const seen = await rowsOf<Session>(lane.send, mine, '/me/sessions?limit=2')
  expect(seen.map(({ id }) => id)).toEqual(ids)
})

test('refuses a revoked session on the very next request, and writes one event', async () => {
  const other = await elsewhere()
  expect(await isLive(other.headers)).toBe(true)
  expect(await lane.send(mine, `DELETE /me/sessions/${other.id}`)).toMatchObject({
    status: 200,
    body: { id: other.id, revoked: true },
  })
  expect(refusalOf(await lane.send(other.headers, 'GET /me'))).toBe('401 unauthenticated')
  expect(await isLive(mine)).toBe(true)
  expect(refusalOf(await lane.send(mine, `DELETE /me/sessions/${other.id}`))).toBe('404 session_not_found')
  expect(await events('session.revoked')).toMatchObject([
    { actor_name: person.email, target_kind: 'session', target_id: other.id, target_name: 'Firefox on Linux' },
  ])
})

test('does not let a person revoke a session of somebody else', async () => {
  const theirs = await elsewhere(await cast.world.person())
  expect(refusalOf(await lane.send(mine, `DELETE /me/sessions/${theirs.id}`))).toBe('404 session_not_found')
  expect(refusalOf(await lane.send(mine, 'DELETE /me/sessions/this'))).toBe('404 session_not_found')
  expect(await lane.send(mine, 'DELETE /me/sessions')).toMatchObject({ status: 200, body: { revoked: 0 } })
  expect(await isLive(theirs.headers)).toBe(true)
})

test('signs out every session but the current one', async () => {
  const others = [await elsewhere(), await elsewhere()]
  expect(await lane.send(mine, 'DELETE /me/sessions')).toMatchObject({ status: 200, body: { revoked: 2 } })
  for (const { headers } of others) expect(await isLive(headers)).toBe(false)
  expect(await isLive(mine)).toBe(true)
  expect(await events('session.others-revoked')).toMatchObject([{ target_kind: 'user', before: { sessions: 2 } }])
})

test('lets neither a revoked session nor a foreign page end others', async () => {
  const other = await elsewhere()
  const foreign = { cookie: mine['cookie']!, 'sec-fetch-site': 'cross-site' }
  expect(refusalOf(await lane.send(foreign, 'DELETE /me/sessions'))).toBe('403 cross_site')
  expect(await isLive(other.headers)).toBe(true)
  await lane.send(mine, `DELETE /me/sessions/${other.id}`)
  expect(refusalOf(await lane.send(other.headers, 'DELETE /me/sessions'))).toBe('401 unauthenticated')
  expect(await isLive(mine)).toBe(true)
})
