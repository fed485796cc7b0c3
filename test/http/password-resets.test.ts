import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ErrorBody } from '#contract/errors'
import { createTestDatabase } from '#test/support/database/database'
import { resetToMail } from '#domain/accounts/password-resets'
import { startJobs } from '#server/jobs/worker'
import { type Cast, createCast, ownersPassword } from '../support/world/cast.ts'
import { startInbox } from '../support/servers/inbox.ts'
import { startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { browser } from '../support/http/session.ts'
import { trySignIn } from '../support/http/sign-in.ts'

// Owners are also notified by mail about other owners, so only mails about passwords count here.
const inbox = await startInbox(({ text }) => text.includes('password'))
const database = await createTestDatabase()
const lane = await startLane(database.url)
process.env['BULKHEAD_SMTP_URL'] = inbox.url
const jobs = await startJobs(lane.db, database.url)
let cast: Cast
beforeAll(async () => {
  cast = await createCast(lane.db)
})
afterAll(async () => {
  await jobs.stop()
  await lane.stop()
  await database.drop()
  await inbox.stop()
})
beforeEach(() => lane.db.deleteFrom('sign_in_throttles').execute())

const better = 'tuesday apricot lantern'
const ask = (email: string) => lane.send(null, 'POST /password-resets', { json: { email } })
const open = (token: string) => lane.send<{ email: string } & ErrorBody>(null, `GET /password-resets/${token}`)
const reset = (token: string, password = better) => lane.send(null, `POST /password-resets/${token}`, { json: { password } })
const tokenOf = ({ text }: { text: string }) => /\/reset-password\/(\S+)/.exec(text)![1]!
const signIn = async (email: string, password: string) => (await trySignIn(lane.origin, new Map(), email, password)).status

/** A person, and the link from their mail. */
async function forgetful() {
  const person = await cast.world.person()
  expect(await ask(person.email)).toMatchObject({ status: 202, body: { requested: true } })
  const mail = await inbox.next()
  return { person, mail, token: tokenOf(mail) }
}

/** A link that was requested this many minutes ago. */
const askedBefore = async (email: string, minutes: number) =>
  (await resetToMail(lane.db, { email, askedAt: new Date(Date.now() - minutes * 60_000).toISOString() }))?.token

describe('a forgotten password', () => {
  test('is replaced through a mailed link, which ends every session and is confirmed by another mail', async () => {
    const { person, mail, token } = await forgetful()
    expect(mail.to).toEqual([person.email])
    expect(mail.text).toContain(`${lane.origin}/reset-password/${token}`)
    expect(await open(token)).toMatchObject({ status: 200, body: { email: person.email } })
    const mine = await browser(person.credentialId)
    expect(await lane.send(mine, 'GET /me')).toMatchObject({ status: 200 })
    expect(await reset(token)).toMatchObject({ status: 200, body: { email: person.email, revokedSessions: 1 } })
    expect(refusalOf(await lane.send(mine, 'GET /me'))).toBe('401 unauthenticated')
    expect(await signIn(person.email, better)).toBe(201)
    const notice = await inbox.next()
    expect(notice).toMatchObject({ to: [person.email], text: expect.stringContaining('was changed') as string })
    const events = await lane.db.selectFrom('audit_events').selectAll().where('actor_id', '=', person.id).execute()
    expect(events).toMatchObject([
      { action: 'password.reset', target_id: person.id, url: '/password-resets/{token}', after: { revokedSessions: 1 } },
    ])
    expect(JSON.stringify(events)).not.toContain(token)
  })

  test('can be requested with any spelling of the address, and the answer does not reveal unknown addresses', async () => {
    const { person } = await forgetful()
    const nobody = await ask('nobody@elsewhere.test')
    const somebody = await ask(` ${person.email.toUpperCase()} `)
    expect(nobody).toMatchObject({ status: 202, text: somebody.text })
    // The mail queue keeps its order, so a mail to the unknown address would come first.
    expect((await inbox.next()).to).toEqual([person.email])
  })

  test('stores nothing that opens an account while the mail waits', async () => {
    await jobs.stop()
    const person = await cast.world.person()
    await ask(person.email)
    const { rows } = await lane.db.executeQuery<{ text: string }>(
      (await import('kysely')).sql`select row_to_json(j)::text as text from graphile_worker._private_jobs j`.compile(lane.db),
    )
    expect(rows.some(({ text }) => text.includes(person.email))).toBe(true)
    expect(rows.map(({ text }) => text).join()).not.toMatch(/[\w-]{64}/)
    Object.assign(jobs, await startJobs(lane.db, database.url))
    expect((await inbox.next()).to).toEqual([person.email])
  })
})

describe('a link', () => {
  test('works once, and ends all earlier links of the same person', async () => {
    const { person, token } = await forgetful()
    const earlier = (await askedBefore(person.email, 30))!
    expect(await reset(token)).toMatchObject({ status: 200 })
    await inbox.next()
    for (const spent of [token, earlier]) {
      expect(refusalOf(await open(spent))).toBe('410 reset_link_used')
      expect(refusalOf(await reset(spent, 'another apricot lantern'))).toBe('410 reset_link_used')
    }
    expect(await signIn(person.email, better)).toBe(201)
  })

  test('sets one password when it is used many times at once', async () => {
    const { token } = await forgetful()
    const answers = await Promise.all(['one', 'two', 'three', 'four'].map((word) => reset(token, `${word} apricot lantern`)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410, 410, 410])
    await inbox.next()
  })

  test('ends when the password changes in another way', async () => {
    const { email, credentialId } = cast.people.orgOwner
    const token = (await askedBefore(email, 1))!
    const change = { password: ownersPassword, newPassword: better }
    expect(await lane.send(await browser(credentialId), 'PUT /me/password', { json: change })).toMatchObject({ status: 200 })
    expect((await inbox.next()).text).toContain('was changed')
    expect(refusalOf(await reset(token))).toBe('410 reset_link_used')
  })

  test('is valid for an hour', async () => {
    const person = await cast.world.person()
    const almost = (await askedBefore(person.email, 59))!
    expect(await open(almost)).toMatchObject({ status: 200 })
    expect(await askedBefore(person.email, 60)).toBeUndefined()
    const { signedText } = await import('#domain/crypto/signed-text')
    const { UserID = '', Stamp = '' } = JSON.parse(Buffer.from(almost.split('.')[0]!, 'base64url').toString()) as Record<
      string,
      string
    >
    const late = signedText('password-reset', { UserID, Stamp, Until: new Date(Date.now() - 1).toISOString() })
    expect(refusalOf(await open(late))).toBe('410 reset_link_expired')
    expect(refusalOf(await reset(late))).toBe('410 reset_link_expired')
    const invitation = signedText('invitation', { UserID, Stamp, Until: new Date(Date.now() + 60_000).toISOString() })
    expect(refusalOf(await reset(invitation))).toBe('404 reset_link_invalid')
  })

  test('is unknown when it is invented, from another server, or of a deleted person', async () => {
    const { person, token } = await forgetful()
    for (const wrong of [`${token}x`, token.slice(0, -1), 'made-up', `x${token}`, 'a'.repeat(2000)])
      expect(refusalOf(await reset(wrong)), wrong).toBe('404 reset_link_invalid')
    await lane.db.deleteFrom('users').where('id', '=', person.id).execute()
    expect(refusalOf(await reset(token))).toBe('404 reset_link_invalid')
  })

  test('refuses a password that is easily guessed, and stays valid', async () => {
    const { token } = await forgetful()
    const weak = await reset(token, 'Password 2026')
    expect(refusalOf(weak)).toBe('400 weak_password')
    expect(weak.body.details).toMatchObject([{ path: 'password' }])
    expect(refusalOf(await reset(token, 'short'))).toBe('400 invalid_request')
    expect(await reset(token)).toMatchObject({ status: 200 })
    await inbox.next()
  })
})

describe('tries are counted', () => {
  test('per requested address, whether it exists or not, without delaying sign-in', async () => {
    const { person } = await forgetful()
    await lane.db.deleteFrom('sign_in_throttles').execute()
    const known = []
    const unknown = []
    for (let i = 0; i < 6; i++) {
      known.push((await ask(person.email)).status)
      unknown.push((await ask('nobody@elsewhere.test')).status)
    }
    expect(known).toEqual([202, 202, 202, 202, 202, 429])
    expect(unknown).toEqual(known)
    for (let i = 0; i < 5; i++) await inbox.next()
    expect(await signIn(person.email, 'whatever it was')).toBe(401)
  })

  test('and a new password ends the throttle that wrong ones caused', async () => {
    const { person, token } = await forgetful()
    for (let i = 0; i < 5; i++) expect(await signIn(person.email, 'wrong')).toBe(401)
    expect(await signIn(person.email, 'wrong')).toBe(429)
    expect(await reset(token)).toMatchObject({ status: 200 })
    await inbox.next()
    expect(await signIn(person.email, better)).toBe(201)
  })

  test('per client address on any link', async () => {
    const answers = []
    for (let i = 0; i < 51; i++) answers.push((await reset('made-up')).status)
    expect(answers.filter((status) => status === 404)).toHaveLength(50)
    expect(answers.at(-1)).toBe(429)
  })
})
