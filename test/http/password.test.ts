import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { countWaiting } from '#test/support/database/database'
import { hashPassword } from '#domain/accounts/passwords'
import { createUser } from '#domain/accounts/users'
import { refused } from '#test/support/world/world'
import { ownersPassword } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { type Jar, cookieOf, trySignIn } from '../support/http/sign-in.ts'
import { setUpToken } from '#domain/organizations/set-up'

let lane: Lane
beforeAll(async () => {
  lane = await startLane()
})
afterAll(() => lane.stop())

const better = 'tuesday apricot lantern'

let count = 0
let email: string
let jar: Jar
beforeEach(async () => {
  email = `eve.${++count}@acme.test`
  await createUser(lane.db, { email, name: 'Eve Adams', password: ownersPassword })
  jar = await signedIn()
})

async function signedIn(password = ownersPassword): Promise<Jar> {
  const fresh: Jar = new Map()
  expect((await trySignIn(lane.origin, fresh, email, password)).status).toBe(201)
  return fresh
}

const headers = (of: Jar) => ({ cookie: cookieOf(of), 'sec-fetch-site': 'same-origin' })
const change = (password: string, newPassword: string) =>
  lane.send(headers(jar), 'PUT /me/password', { json: { password, newPassword } })

const events = () =>
  lane.db
    .selectFrom('audit_events')
    .selectAll()
    .where('action', '=', 'password.changed')
    .where('actor_name', '=', email)
    .execute()

test('replaces the old password, and ends every other session', async () => {
  const other = await signedIn()
  expect(await change(ownersPassword, better)).toMatchObject({ status: 200, body: { changed: true, revokedSessions: 1 } })
  expect(refusalOf(await lane.send(headers(other), 'GET /me'))).toBe('401 unauthenticated')
  expect(await lane.send(headers(jar), 'GET /me')).toMatchObject({ status: 200 })
  expect((await trySignIn(lane.origin, new Map(), email, ownersPassword)).status).toBe(401)
  await signedIn(better)
  const [event, ...more] = await events()
  expect(more).toEqual([])
  expect(event).toMatchObject({ target_kind: 'user', target_name: email, after: { revokedSessions: 1 } })
  expect(JSON.stringify(event)).not.toMatch(/tuesday|correct horse|argon2/)
})

test('opens nothing for a sign-in with the old password that runs while it changes', async () => {
  const entering = await lane.db.transaction().execute(async (trx) => {
    const hash = await hashPassword(better)
    await trx.updateTable('users').set({ password_hash: hash }).where('email', '=', email).execute()
    let settled = false
    const trying = trySignIn(lane.origin, new Map(), email, ownersPassword).finally(() => (settled = true))
    while (!settled && (await countWaiting(lane.db)) === 0) {}
    return { trying }
  })
  expect((await entering.trying).status).toBe(401)
})

test('requires the old password, and counts the tries', async () => {
  for (let i = 0; i < 10; i++) {
    const answer = await change('not it', better)
    expect(answer.body).toMatchObject({ code: 'wrong_password', details: [{ path: 'password' }] })
  }
  expect(refusalOf(await change(ownersPassword, better))).toBe('429 too_many_attempts')
  expect(await events()).toEqual([])
})

test.for([
  ['too short', 'short', 'invalid_request'],
  ['too long', 'ab cd ef '.repeat(20), 'invalid_request'],
  ['the same', ownersPassword, 'weak_password'],
  ['common', 'P@ssword2026', 'weak_password'],
  ['the product', 'Bulkhead 2026', 'weak_password'],
  ['his own name', 'EveAdams1234', 'weak_password'],
  ['a run of keys', 'qwertyuiop123', 'weak_password'],
  ['repeated', 'x7x7x7x7x7x7', 'weak_password'],
] as const)('refuses a new password that is %s, and says why on its field', async ([, newPassword, code]) => {
  const answer = await change(ownersPassword, newPassword)
  expect(answer).toMatchObject({ status: 400, body: { code, details: [{ path: 'newPassword' }] } })
  expect(answer.text).not.toContain(newPassword)
  await signedIn()
})

test('applies the same rules on the command line and to the first owner', async () => {
  expect(await refused(createUser(lane.db, { email: 'f@acme.test', name: 'F', password: 'Password1234' }))).toBe('weak_password')
  const first = { name: 'First', email: 'first@acme.test', organizationName: 'First', organizationSlug: 'first' }
  const answer = await lane.send(null, 'POST /setup/owner', {
    json: { ...first, token: setUpToken(), password: 'password 1234' },
  })
  expect(answer.body).toMatchObject({ code: 'weak_password', details: [{ path: 'password' }] })
})
