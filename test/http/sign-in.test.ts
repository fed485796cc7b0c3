import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { purgeThrottles } from '#domain/nuke/purge'
import { setUpToken } from '#domain/organizations/set-up'
import { type Cast, createCast, ownersPassword } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { browser } from '../support/http/session.ts'
import { type Jar, cookieOf, trySignIn } from '../support/http/sign-in.ts'

let lane: Lane
let cast: Cast
let email: string
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  email = cast.people.orgOwner.email
})
afterAll(() => lane.stop())
beforeEach(() => lane.db.deleteFrom('sign_in_throttles').execute())

const session = 'next-auth.session-token'

/** The answer in short: the status, its code, and how long to wait. */
async function attempt(who: string, password: string, jar: Jar = new Map()) {
  const response = await trySignIn(lane.origin, jar, who, password)
  const { code, error } = (await response.json()) as { code?: string; error?: string }
  return { status: response.status, code, error, retryAfter: response.headers.get('retry-after') }
}

const wrongly = async (who: string, times: number, jar: Jar = new Map()) => {
  const all = []
  for (let i = 0; i < times; i++) all.push(await attempt(who, 'not the password', jar))
  return all
}

/** Lets this many seconds pass for the counters. */
async function pass(seconds: number) {
  const earlier = (time: string | null) => time && new Date(Date.parse(time) - seconds * 1000).toISOString()
  for (const { key, blocked_until, last_failed_at } of await lane.db.selectFrom('sign_in_throttles').selectAll().execute()) {
    const moved = { blocked_until: earlier(blocked_until), last_failed_at: earlier(last_failed_at)! }
    await lane.db.updateTable('sign_in_throttles').set(moved).where('key', '=', key).execute()
  }
}

const refused = { status: 401, code: 'wrong_credentials', error: 'Incorrect email or password', retryAfter: null }

describe('signing in', () => {
  test('sets a cookie that opens the API, and says who signed in', async () => {
    const jar: Jar = new Map()
    const response = await trySignIn(lane.origin, jar, ` ${email.toUpperCase()} `, ownersPassword)
    expect(response.status).toBe(201)
    expect(await response.json()).toMatchObject({ id: cast.people.orgOwner.id, email })
    expect(await lane.send({ cookie: cookieOf(jar) }, 'GET /me')).toMatchObject({ status: 200, body: { email } })
    for (const cookie of response.headers.getSetCookie()) expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/)
  })

  test('marks the cookies secure over https', async () => {
    const before = process.env['NEXTAUTH_URL']
    process.env['NEXTAUTH_URL'] = 'https://bulkhead.example'
    const response = await trySignIn(lane.origin, new Map(), email, ownersPassword)
    process.env['NEXTAUTH_URL'] = before
    const cookies = response.headers.getSetCookie()
    expect(cookies).toHaveLength(2)
    for (const cookie of cookies) expect(cookie).toMatch(/; Secure$/)
    expect(cookies[0]).toMatch(/^__Host-next-auth\.session-token=/)
  })

  test('sets no cookie for a wrong password', async () => {
    const jar: Jar = new Map()
    expect(await attempt(email, 'not the password', jar)).toEqual(refused)
    expect(jar.size).toBe(0)
  })

  test('cannot be done by a form of a foreign page', async () => {
    const raw = JSON.stringify({ email, password: ownersPassword })
    for (const type of ['text/plain', 'application/x-www-form-urlencoded'])
      expect(await lane.send(null, 'POST /session', { raw, headers: { 'content-type': type } })).toMatchObject({ status: 415 })
  })
})

describe('after five wrong passwords', () => {
  test('even the correct one has to wait, and the throttle ends', async () => {
    expect(await wrongly(email, 5)).toEqual(Array(5).fill(refused))
    const jar: Jar = new Map()
    const paused = await attempt(email, ownersPassword, jar)
    expect(paused).toMatchObject({ status: 429, code: 'too_many_attempts', retryAfter: '30' })
    expect(paused.error).toBe('Too many failed tries. Try again in 30 seconds')
    expect(jar.has(session)).toBe(false)
    await pass(31)
    expect(await attempt(email, ownersPassword)).toMatchObject({ status: 201 })
    expect(await wrongly(email, 1)).toEqual([refused])
  })

  test('each further one doubles the throttle', async () => {
    await wrongly(email, 5)
    await pass(31)
    expect((await wrongly(email, 2)).map(({ retryAfter }) => retryAfter)).toEqual([null, '60'])
    await pass(61)
    const [, third] = await wrongly(email, 2)
    expect(third).toMatchObject({ retryAfter: '120', error: 'Too many failed tries. Try again in 2 minutes' })
  })

  test('concurrent tries count like consecutive ones', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => attempt(email, 'not the password')))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15)
  })

  test('nobody learns whether the account exists', async () => {
    const known = await wrongly(email, 7)
    expect(await wrongly('nobody@acme.test', 7)).toEqual(known)
    // A person without a password, such as an invited one.
    expect(await wrongly(cast.people.member.email, 7)).toEqual(known)
  })

  test('other accounts are not throttled, and this one recovers when nobody tries', async () => {
    await wrongly(email, 7)
    expect(await wrongly('nobody@acme.test', 1)).toEqual([refused])
    await pass(25 * 3600)
    expect(await wrongly(email, 4)).toEqual(Array(4).fill(refused))
    await pass(25 * 3600)
    await purgeThrottles(lane.db)
    expect(await lane.db.selectFrom('sign_in_throttles').selectAll().execute()).toEqual([])
  })

  test('the stored counters contain no names', async () => {
    await wrongly(email, 1)
    const stored = JSON.stringify(await lane.db.selectFrom('sign_in_throttles').selectAll().execute())
    expect(stored).not.toContain(email)
    expect(stored).not.toContain('127.0.0.1')
  })
})

describe('a device that has signed in before', () => {
  test('signs in while strangers try, and has a counter of its own', async () => {
    const jar: Jar = new Map()
    await trySignIn(lane.origin, jar, email, ownersPassword)
    await wrongly(email, 8)
    expect(await attempt(email, ownersPassword)).toMatchObject({ status: 429 })
    jar.delete(session)
    expect(await wrongly(email, 9, jar)).toEqual(Array(9).fill(refused))
    expect(await attempt(email, ownersPassword, jar)).toMatchObject({ status: 201 })
    expect(jar.has(session)).toBe(true)
    expect(await attempt(email, ownersPassword)).toMatchObject({ status: 429 })
    await wrongly(email, 10, jar)
    expect(await attempt(email, ownersPassword, jar)).toMatchObject({ status: 429, retryAfter: '30' })
  })

  test('is known for its own account only, and only by our signature', async () => {
    const mine: Jar = new Map()
    await trySignIn(lane.origin, mine, email, ownersPassword)
    const [name, text] = [...mine].find(([cookie]) => cookie.startsWith('bulkhead-device-'))!
    await wrongly('nobody@acme.test', 5)
    const theirs: Jar = new Map()
    const cookies = (await lane.send(null, 'POST /session', { json: { email, password: ownersPassword } })).headers.getSetCookie()
    for (const cookie of cookies) theirs.set(cookie.split('=')[0]!, text)
    expect(await attempt('nobody@acme.test', 'x', theirs)).toMatchObject({ status: 429 })
    await wrongly(email, 5)
    expect(await attempt(email, ownersPassword, new Map([[name, `${text.slice(0, -2)}AA`]]))).toMatchObject({ status: 429 })
    expect(await attempt(email, ownersPassword, new Map([[name, text]]))).toMatchObject({ status: 201 })
  })
})

describe('a client address', () => {
  test('is throttled after fifty accounts; a success of its own does not reset it', async () => {
    for (let i = 0; i < 49; i++) await wrongly(`guess-${i}@acme.test`, 1)
    expect(await attempt(email, ownersPassword)).toMatchObject({ status: 201 })
    expect(await wrongly('guess-49@acme.test', 1)).toEqual([refused])
    expect(await attempt(email, ownersPassword)).toMatchObject({ status: 429, retryAfter: '30' })
    await pass(31)
    expect(await attempt(email, ownersPassword)).toMatchObject({ status: 201 })
  })
})

test('throttles a repeated password confirmation for that session only', async () => {
  const mine = await browser(cast.people.orgOwner.credentialId)
  const prove = (headers: Record<string, string>, password: string) =>
    lane.send(headers, 'POST /me/reauthentication', { json: { password } })
  for (let i = 0; i < 10; i++) expect(refusalOf(await prove(mine, 'wrong'))).toBe('403 wrong_password')
  const paused = await prove(mine, ownersPassword)
  expect(refusalOf(paused)).toBe('429 too_many_attempts')
  expect(paused.headers.get('retry-after')).toBe('30')
  const jar: Jar = new Map()
  expect(await attempt(email, ownersPassword, jar)).toMatchObject({ status: 201 })
  expect(await prove({ cookie: cookieOf(jar), 'sec-fetch-site': 'same-origin' }, ownersPassword)).toMatchObject({ status: 200 })
  await pass(31)
  expect(await prove(mine, ownersPassword)).toMatchObject({ status: 200 })
})

test('throttles guesses of the set-up link', async () => {
  const person = { name: 'First', email: 'first@acme.test', password: ownersPassword }
  const organization = { organizationName: 'First', organizationSlug: 'first' }
  const setUp = (token: string) => lane.send(null, 'POST /setup/owner', { json: { ...person, ...organization, token } })
  for (let i = 0; i < 50; i++) expect(refusalOf(await setUp(`guess ${i}`))).toBe('403 invalid_setup_token')
  expect(refusalOf(await setUp(setUpToken()))).toBe('429 too_many_attempts')
  await pass(31)
  expect(refusalOf(await setUp(setUpToken()))).toBe('409 already_set_up')
})
