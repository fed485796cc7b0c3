import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { purgeNonces } from '#domain/nuke/purge'
import { type Cast, createCast, ownersPassword } from '../support/world/cast.ts'
import { codeOf, turnOnTotp, wrongCode } from '../support/http/factors.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { browser } from '../support/http/session.ts'
import { type Jar, cookieOf, keep, trySignIn } from '../support/http/sign-in.ts'

let lane: Lane
let cast: Cast
let email: string
let session: Record<string, string>
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
})
afterAll(() => lane.stop())

/** A new person with the owner's password, an authenticator app and ten recovery codes. */
async function guarded() {
  const person = await cast.world.person()
  const { password_hash } = await lane.db
    .selectFrom('users')
    .select('password_hash')
    .where('id', '=', cast.people.orgOwner.id)
    .executeTakeFirstOrThrow()
  await lane.db.updateTable('users').set({ password_hash }).where('id', '=', person.id).execute()
  const headers = await browser(person.credentialId)
  return { person, headers, ...(await turnOnTotp(lane.send, headers)) }
}

let secret: string
let recoveryCodes: string[]
let userId: string
beforeEach(async () => {
  const made = await guarded()
  ;({ secret, recoveryCodes, headers: session } = made)
  email = made.person.email
  userId = made.person.id
  await lane.db.deleteFrom('sign_in_throttles').execute()
})

/** The first step: a jar with what the second step needs. */
async function firstStep(jar: Jar = new Map(), password = ownersPassword): Promise<Jar> {
  await trySignIn(lane.origin, jar, email, password)
  return jar
}

/** The second step; the jar keeps its cookies. */
async function secondStep(jar: Jar, json: Record<string, unknown>) {
  const answer = await lane.send(jar.size > 0 ? { cookie: cookieOf(jar) } : null, 'POST /session/second-factor', { json })
  keep(jar, answer)
  return answer
}

const sessionsOf = async () => (await lane.db.selectFrom('sessions').select('id').where('user_id', '=', userId).execute()).length

describe('the first step', () => {
  test('answers which second factors are possible, and opens no session', async () => {
    const jar: Jar = new Map()
    const before = await sessionsOf()
    const response = await trySignIn(lane.origin, jar, email, ownersPassword)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ code: 'second_factor_required', methods: ['totp', 'recovery-code'] })
    const [cookie, ...more] = response.headers.getSetCookie()
    expect(more).toEqual([])
    expect(cookie).toMatch(/^bulkhead-second-step=[\w.-]+; Path=\/session; Max-Age=300; HttpOnly; SameSite=Strict$/)
    expect(refusalOf(await lane.send({ cookie: cookieOf(jar) }, 'GET /me'))).toBe('401 unauthenticated')
    expect(await sessionsOf()).toBe(before)
  })

  test('reveals no factors without the password', async () => {
    const answered = async (who: string) => {
      const response = await trySignIn(lane.origin, new Map(), who, 'not the password')
      const { requestId: _, ...body } = (await response.json()) as { requestId: string }
      return { status: response.status, body, cookies: response.headers.getSetCookie() }
    }
    expect(await answered(email)).toEqual(await answered('nobody@acme.test'))
    expect(await answered(email)).toMatchObject({ status: 401, body: { code: 'wrong_credentials' }, cookies: [] })
  })
})

describe('the second step', () => {
  test('signs in with the current code, typed with or without a space', async () => {
    const jar = await firstStep()
    const code = codeOf(secret)
    const answer = await secondStep(jar, { code: `${code.slice(0, 3)} ${code.slice(3)}` })
    expect(answer).toMatchObject({ status: 201, body: { email } })
    expect(await lane.send({ cookie: cookieOf(jar) }, 'GET /me')).toMatchObject({ status: 200, body: { email } })
    expect(jar.has('bulkhead-second-step')).toBe(false)
  })

  test('needs the first step in the same browser', async () => {
    expect(refusalOf(await secondStep(new Map(), { code: codeOf(secret) }))).toBe('401 sign_in_expired')
    const jar = await firstStep()
    const forged = [...jar.values()][0]!.replace(/.$/, (sign) => (sign === 'A' ? 'B' : 'A'))
    expect(refusalOf(await secondStep(new Map([['bulkhead-second-step', forged]]), { code: codeOf(secret) }))).toBe(
      '401 sign_in_expired',
    )
  })

  test('distinguishes wrong, used and old codes, and accepts a valid one afterwards', async () => {
    const jar = await firstStep()
    expect(refusalOf(await secondStep(jar, { code: wrongCode(secret) }))).toBe('403 wrong_code')
    expect(refusalOf(await secondStep(jar, { code: codeOf(secret, -5) }))).toBe('403 code_expired')
    const code = codeOf(secret)
    expect(await secondStep(new Map(jar), { code })).toMatchObject({ status: 201 })
    const again = await firstStep()
    expect(refusalOf(await secondStep(again, { code }))).toBe('403 code_used')
    expect(await secondStep(again, { code: codeOf(secret, 1) })).toMatchObject({ status: 201 })
  })

  test('works once', async () => {
    const jar = await firstStep()
    const copy = new Map(jar)
    expect(await secondStep(jar, { code: codeOf(secret) })).toMatchObject({ status: 201 })
    expect(refusalOf(await secondStep(copy, { code: codeOf(secret, 1) }))).toBe('401 sign_in_expired')
    // The failed attempt did not use up the code.
    expect(await secondStep(await firstStep(), { code: codeOf(secret, 1) })).toMatchObject({ status: 201 })
  })

  test('is void once the password has changed', async () => {
    const jar = await firstStep()
    const json = { password: ownersPassword, newPassword: 'tuesday apricot lantern' }
    expect(await lane.send(session, 'PUT /me/password', { json })).toMatchObject({ status: 200 })
    expect(refusalOf(await secondStep(jar, { code: codeOf(secret) }))).toBe('401 sign_in_expired')
  })

  test('accepts exactly one proof, of a valid shape', async () => {
    const jar = await firstStep()
    for (const json of [{}, { code: '12345' }, { code: 'abcdef' }, { code: '123456', recoveryCode: 'x' }, { recoveryCode: '' }])
      expect(refusalOf(await secondStep(jar, json)), JSON.stringify(json)).toBe('400 invalid_request')
  })

  test('lets one of two concurrent uses of a code win', async () => {
    const jars = await Promise.all([firstStep(), firstStep(), firstStep(), firstStep()])
    const code = codeOf(secret)
    const answers = await Promise.all(jars.map((jar) => secondStep(jar, { code })))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 403, 403, 403])
    for (const answer of answers.filter(({ status }) => status !== 201)) expect(refusalOf(answer)).toBe('403 code_used')
  })
})

describe('a recovery code', () => {
  test('works once, however it is typed, and is then reported as used rather than wrong', async () => {
    expect(recoveryCodes).toHaveLength(10)
    const [first = '', second = ''] = recoveryCodes
    expect(await secondStep(await firstStep(), { recoveryCode: ` ${first.toUpperCase().replaceAll('-', ' ')} ` })).toMatchObject({
      status: 201,
    })
    const jar = await firstStep()
    expect(refusalOf(await secondStep(jar, { recoveryCode: first }))).toBe('403 recovery_code_used')
    expect(refusalOf(await secondStep(jar, { recoveryCode: 'k7qd-9mxa-3hfe-vw2t' }))).toBe('403 wrong_recovery_code')
    expect(await secondStep(jar, { recoveryCode: second })).toMatchObject({ status: 201 })
    expect(await lane.send(session, 'GET /me/factors')).toMatchObject({ body: { recoveryCodes: { left: 8, made: 10 } } })
  })

  test('lets one of two concurrent uses win', async () => {
    const jars = await Promise.all([firstStep(), firstStep(), firstStep()])
    const answers = await Promise.all(jars.map((jar) => secondStep(jar, { recoveryCode: recoveryCodes[0] })))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 403, 403])
  })

  test('is replaced by new ones, which void the old; none is stored in plain text', async () => {
    const { body } = await lane.send<{ codes: string[] }>(session, 'POST /me/recovery-codes')
    expect(new Set(body.codes).size).toBe(10)
    const jar = await firstStep()
    expect(refusalOf(await secondStep(jar, { recoveryCode: recoveryCodes[0] }))).toBe('403 wrong_recovery_code')
    expect(await secondStep(jar, { recoveryCode: body.codes[9] })).toMatchObject({ status: 201 })
    const stored = await lane.db.selectFrom('recovery_codes').selectAll().where('user_id', '=', userId).execute()
    for (const code of body.codes) expect(JSON.stringify(stored)).not.toContain(code.slice(0, 9))
  })

  test('is no longer offered by the first step once all are used', async () => {
    for (const recoveryCode of recoveryCodes) await secondStep(await firstStep(), { recoveryCode })
    const response = await trySignIn(lane.origin, new Map(), email, ownersPassword)
    expect(await response.json()).toMatchObject({ methods: ['totp'] })
  })
})

describe('guessing', () => {
  /** Sends wrong codes from an unknown device that knows the password. Answers how each was refused. */
  async function guess(times: number, jar?: Jar) {
    const answers: string[] = []
    for (let i = 0; i < times; i++)
      answers.push(refusalOf(await secondStep(jar ?? (await firstStep()), { code: wrongCode(secret) })))
    return answers
  }

  test('is throttled after five, whatever else succeeds between, and the throttle grows to a day', async () => {
    expect(await guess(5)).toEqual(Array(5).fill('403 wrong_code'))
    // The correct password does not reset the throttle.
    const jar = await firstStep()
    expect(refusalOf(await secondStep(jar, { code: codeOf(secret) }))).toBe('429 too_many_attempts')
    const counters = () => lane.db.selectFrom('sign_in_throttles').selectAll().where('forget_hours', '=', 720)
    for (let i = 0; i < 14; i++) {
      await lane.db.updateTable('sign_in_throttles').set({ blocked_until: null }).execute()
      await secondStep(jar, { code: wrongCode(secret) })
    }
    const [counter, ...others] = await counters().execute()
    expect(others).toEqual([])
    expect(counter?.failures).toBe(19)
    const answer = await secondStep(jar, { code: codeOf(secret) })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(23 * 3600)
  })

  test('locks out neither a known device nor a recovery code', async () => {
    const known = await firstStep()
    await secondStep(known, { code: codeOf(secret) })
    await guess(6)
    await firstStep(known)
    expect(await secondStep(known, { code: codeOf(secret, 1) })).toMatchObject({ status: 201 })
    expect(await secondStep(await firstStep(), { recoveryCode: recoveryCodes[0] })).toMatchObject({ status: 201 })
  })

  test('counts concurrent tries like consecutive ones', async () => {
    const jar = await firstStep()
    const tries = Array.from({ length: 12 }, () => secondStep(new Map(jar), { code: wrongCode(secret) }))
    const answers = await Promise.all(tries)
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(5)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(7)
  })
})

describe('confirming one’s identity again', () => {
  const prove = (json: Record<string, unknown>) => lane.send(session, 'POST /me/reauthentication', { json })

  test('needs the password and a code, and not the password alone', async () => {
    const alone = await prove({ password: ownersPassword })
    expect(refusalOf(alone)).toBe('401 second_factor_required')
    expect(alone.body).toMatchObject({ methods: ['totp', 'recovery-code'] })
    expect(alone.headers.getSetCookie()).toEqual([])
    expect(refusalOf(await prove({ password: 'wrong', code: codeOf(secret) }))).toBe('403 wrong_password')
    expect(refusalOf(await prove({ password: ownersPassword, code: wrongCode(secret) }))).toBe('403 wrong_code')
    const code = codeOf(secret)
    expect(await prove({ password: ownersPassword, code })).toMatchObject({ status: 200 })
    expect(refusalOf(await prove({ password: ownersPassword, code }))).toBe('403 code_used')
    expect(await prove({ password: ownersPassword, recoveryCode: recoveryCodes[0] })).toMatchObject({ status: 200 })
    for (const json of [{}, { code: '123456' }, { password: 'x', code: '123456', recoveryCode: 'x' }])
      expect(refusalOf(await prove(json))).toBe('400 invalid_request')
  })

  test('counts wrong passwords, whatever key comes with them', async () => {
    const key = { 'idempotency-key': 'again' }
    for (let i = 0; i < 10; i++) {
      const answer = await lane.send(session, 'POST /me/reauthentication', { json: { password: `wrong ${i}` }, headers: key })
      expect(refusalOf(answer)).toBe('403 wrong_password')
    }
    const answer = await lane.send(session, 'POST /me/reauthentication', { json: { password: 'wrong' }, headers: key })
    expect(refusalOf(answer)).toBe('429 too_many_attempts')
  })

  test('does not make an old sign-in fresh by a new password', async () => {
    await lane.db
      .updateTable('sessions')
      .set({ authenticated_at: '2020-01-01T00:00:00Z' })
      .where('user_id', '=', userId)
      .execute()
    const json = { password: ownersPassword, newPassword: 'tuesday apricot lantern' }
    expect(refusalOf(await lane.send(session, 'PUT /me/password', { json }))).toBe('403 reauthentication_required')
  })
})

test('deletes used codes once they have expired', async () => {
  await secondStep(await firstStep(), { code: codeOf(secret) })
  await purgeNonces(lane.db)
  expect(await lane.db.selectFrom('spent_nonces').selectAll().execute()).not.toEqual([])
  await lane.db.updateTable('spent_nonces').set({ expires_at: '2020-01-01T00:00:00Z' }).execute()
  await purgeNonces(lane.db)
  expect(await lane.db.selectFrom('spent_nonces').selectAll().execute()).toEqual([])
})
