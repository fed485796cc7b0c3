import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { relyingParty } from '#domain/accounts/webauthn'
import { type SoftAuthenticator, type Wrong, softAuthenticator } from '../support/http/authenticator.ts'
import { type Cast, createCast, ownersPassword } from '../support/world/cast.ts'
import { addSoftPasskey } from '../support/http/factors.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { browser } from '../support/http/session.ts'
import { type Jar, cookieOf, keep, trySignIn } from '../support/http/sign-in.ts'

let lane: Lane
let cast: Cast
let person: { id: string; email: string; credentialId: string }
let session: Record<string, string>
/** Authenticators identify the server by its name. */
let origin: string
beforeAll(async () => {
  lane = await startLane()
  origin = lane.origin.replace('127.0.0.1', 'localhost')
  cast = await createCast(lane.db)
})
afterAll(() => lane.stop())

beforeEach(async () => {
  person = await cast.world.person()
  session = await browser(person.credentialId)
  const { id } = cast.people.orgOwner
  const { password_hash } = await lane.db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  await lane.db.updateTable('users').set({ password_hash }).where('id', '=', person.id).execute()
})

type Options = { challenge: string; rpId: string; allowCredentials?: { id: string }[] }

const add = (name?: string) => addSoftPasskey(lane.send, session, name)

const headersOf = (jar: Jar) => (jar.size > 0 ? { cookie: cookieOf(jar) } : null)

async function begin(jar: Jar, path = '/session/passkey/options'): Promise<Options> {
  const answer = await lane.send<Options>(headersOf(jar), `POST ${path}`)
  keep(jar, answer)
  return answer.body
}

async function signIn(jar: Jar, authenticator: SoftAuthenticator, options: Options, wrong: Wrong = {}) {
  const json = { credential: authenticator.get(options, wrong) }
  const answer = await lane.send(headersOf(jar), 'POST /session/passkey', { json })
  keep(jar, answer)
  return answer
}

describe('adding a passkey', () => {
  test('lists it, with recovery codes for the first one only', async () => {
    const first = await add('laptop')
    expect(first.recoveryCodes).toHaveLength(10)
    const second = await add('phone')
    expect(second.recoveryCodes).toBeNull()
    const { body } = await lane.send(session, 'GET /me/factors')
    expect(body).toMatchObject({
      totp: null,
      passkeys: [
        { id: first.id, name: 'laptop', lastUsedAt: null },
        { id: second.id, name: 'phone' },
      ],
      recoveryCodes: { left: 10, made: 10 },
      passkeyOrigin: origin,
    })
    expect(JSON.stringify(body)).not.toMatch(/public|credential/i)
    const options = await lane.send<{ excludeCredentials: { id: string }[] }>(session, 'POST /me/passkeys/options')
    expect(options.body.excludeCredentials.map(({ id }) => id)).toEqual([first.authenticator.id, second.authenticator.id])
    expect(options.body).toMatchObject({ authenticatorSelection: { residentKey: 'required', userVerification: 'required' } })
  })

  test.for([
    ['another origin', { origin: 'https://evil.example' }],
    ['the origin by its bare address', { origin: 'http://127.0.0.1' }],
    ['another party', { rpId: 'evil.example' }],
    ['nobody verified', { unverified: true }],
  ] as const)('is refused from %s', async ([, wrong]) => {
    const authenticator = softAuthenticator(origin)
    const { body } = await lane.send<{ challenge: string; rp: { id: string } }>(session, 'POST /me/passkeys/options')
    const json = { name: 'x', credential: authenticator.create(body, wrong) }
    expect(refusalOf(await lane.send(session, 'POST /me/passkeys', { json }))).toBe('403 wrong_passkey')
    const right = { name: 'x', credential: authenticator.create(body) }
    expect(refusalOf(await lane.send(session, 'POST /me/passkeys', { json: right }))).toBe('403 passkey_expired')
  })

  test('is refused with the challenge of another session, or of a sign-in', async () => {
    const authenticator = softAuthenticator(origin)
    const elsewhere = await browser((await cast.world.person()).credentialId)
    const theirs = await lane.send<Options>(elsewhere, 'POST /me/passkeys/options')
    const forSignIn = await begin(new Map())
    for (const { challenge } of [theirs.body, forSignIn, { challenge: 'eA' }]) {
      const json = { name: 'x', credential: authenticator.create({ challenge, rp: { id: 'localhost' } }) }
      expect(refusalOf(await lane.send(session, 'POST /me/passkeys', { json }))).toBe('403 passkey_expired')
    }
  })

  test('is refused when another person has the passkey', async () => {
    const { authenticator } = await add()
    const other = await browser((await cast.world.person()).credentialId)
    const { body } = await lane.send<Options>(other, 'POST /me/passkeys/options')
    const json = { name: 'x', credential: authenticator.create({ ...body, rp: { id: 'localhost' } }) }
    expect(refusalOf(await lane.send(other, 'POST /me/passkeys', { json }))).toBe('409 passkey_exists')
  })

  test('lets only its owner rename and remove it; the recovery codes go with the last', async () => {
    const { id } = await add()
    const other = await browser((await cast.world.person()).credentialId)
    const json = { name: 'key ring' }
    expect(refusalOf(await lane.send(other, `PATCH /me/passkeys/${id}`, { json }))).toBe('404 passkey_not_found')
    expect(refusalOf(await lane.send(other, `DELETE /me/passkeys/${id}`))).toBe('404 passkey_not_found')
    expect(await lane.send(session, `PATCH /me/passkeys/${id}`, { json })).toMatchObject({
      status: 200,
      body: { name: 'key ring' },
    })
    expect(await lane.send(session, `DELETE /me/passkeys/${id}`)).toMatchObject({ status: 200, body: { id, removed: true } })
    expect(await lane.send(session, 'GET /me/factors')).toMatchObject({ body: { passkeys: [], recoveryCodes: { made: 0 } } })
  })
})

describe('signing in with a passkey alone', () => {
  test('opens a session, and records the use', async () => {
    const { authenticator } = await add()
    const jar: Jar = new Map()
    const options = await begin(jar)
    expect(options).not.toHaveProperty('allowCredentials')
    expect(await signIn(jar, authenticator, options)).toMatchObject({ status: 201, body: { email: person.email } })
    expect(await lane.send({ cookie: cookieOf(jar) }, 'GET /me')).toMatchObject({ body: { email: person.email } })
    const { body } = await lane.send<{ passkeys: { lastUsedAt: string | null }[] }>(session, 'GET /me/factors')
    expect(body.passkeys[0]?.lastUsedAt).not.toBeNull()
  })

  test.for([
    ['a signature of somebody else', { badSignature: true }],
    ['another origin', { origin: 'https://evil.example' }],
    ['another party', { rpId: 'evil.example' }],
    ['nobody verified', { unverified: true }],
  ] as const)('is refused with %s', async ([, wrong]) => {
    const { authenticator } = await add()
    const jar: Jar = new Map()
    expect(refusalOf(await signIn(jar, authenticator, await begin(jar), wrong))).toBe('403 wrong_passkey')
    expect(await signIn(jar, authenticator, await begin(jar))).toMatchObject({ status: 201 })
  })

  test('is refused with an unknown passkey', async () => {
    const jar: Jar = new Map()
    const stranger = softAuthenticator(origin)
    expect(refusalOf(await signIn(jar, stranger, await begin(jar)))).toBe('403 wrong_passkey')
  })

  test('accepts a challenge once, in the browser that asked for it', async () => {
    const { authenticator } = await add()
    const jar: Jar = new Map()
    const options = await begin(jar)
    expect(refusalOf(await signIn(new Map(), authenticator, options))).toBe('403 passkey_expired')
    expect(await signIn(jar, authenticator, options)).toMatchObject({ status: 201 })
    expect(refusalOf(await signIn(jar, authenticator, options))).toBe('403 passkey_expired')
    const [one, other] = await begin(jar).then((asked) => [
      signIn(new Map(jar), authenticator, asked),
      signIn(new Map(jar), authenticator, asked),
    ])
    expect([(await one)!.status, (await other)!.status].toSorted((a, b) => a - b)).toEqual([201, 403])
  })

  test('refuses a counter that does not rise, the sign of a copied passkey', async () => {
    const { authenticator } = await add()
    const jar: Jar = new Map()
    authenticator.state.counter = 41
    expect(await signIn(jar, authenticator, await begin(jar))).toMatchObject({ status: 201 })
    for (const counter of [41, 7]) {
      authenticator.state.counter = counter
      expect(refusalOf(await signIn(jar, authenticator, await begin(jar)))).toBe('403 wrong_passkey')
    }
  })
})

describe('as a second factor', () => {
  async function second(json: (options: Options) => Record<string, unknown>) {
    const jar: Jar = new Map()
    const first = await trySignIn(lane.origin, jar, person.email, ownersPassword)
    expect(await first.json()).toMatchObject({ code: 'second_factor_required', methods: ['passkey', 'recovery-code'] })
    const options = await begin(jar, '/session/second-factor/options')
    return { options, answer: await lane.send(headersOf(jar), 'POST /session/second-factor', { json: json(options) }) }
  }

  test('completes a sign-in after the password, with a passkey of the same person only', async () => {
    const { authenticator } = await add()
    const { options, answer } = await second((asked) => ({ passkey: authenticator.get(asked) }))
    expect(options.allowCredentials?.map(({ id }) => id)).toEqual([authenticator.id])
    expect(answer).toMatchObject({ status: 201, body: { email: person.email } })
    const theirs = await addSoftPasskey(lane.send, await browser((await cast.world.person()).credentialId))
    const wrong = await second((asked) => ({ passkey: theirs.authenticator.get(asked) }))
    expect(refusalOf(wrong.answer)).toBe('403 wrong_passkey')
  })

  test('offers its options only after the first step', async () => {
    expect(refusalOf(await lane.send(null, 'POST /session/second-factor/options'))).toBe('401 sign_in_expired')
  })
})

describe('confirming one’s identity again', () => {
  test('accepts a passkey alone, with a challenge of the same session', async () => {
    const { authenticator } = await add()
    const ask = async (as: Record<string, string>) => (await lane.send<Options>(as, 'POST /me/reauthentication/options')).body
    const prove = (options: Options) =>
      lane.send(session, 'POST /me/reauthentication', { json: { passkey: authenticator.get(options) } })
    await lane.db
      .updateTable('sessions')
      .set({ authenticated_at: '2020-01-01T00:00:00Z' })
      .where('user_id', '=', person.id)
      .execute()
    expect(refusalOf(await lane.send(session, 'POST /me/passkeys/options'))).toBe('403 reauthentication_required')
    const options = await ask(session)
    expect(await prove(options)).toMatchObject({ status: 200 })
    expect(refusalOf(await prove(options))).toBe('403 passkey_expired')
    expect(await lane.send(session, 'POST /me/passkeys/options')).toMatchObject({ status: 201 })
    const elsewhere = await browser((await cast.world.person()).credentialId)
    expect(refusalOf(await prove(await ask(elsewhere)))).toBe('403 passkey_expired')
  })
})

test.each([
  ['http://127.0.0.1:3000', { id: 'localhost', origin: 'http://localhost:3000' }],
  ['http://[::1]:3000', { id: 'localhost', origin: 'http://localhost:3000' }],
  ['https://bulkhead.example.com', { id: 'bulkhead.example.com', origin: 'https://bulkhead.example.com' }],
  ['http://bulkhead.example.com', undefined],
  ['https://192.0.2.7', undefined],
  ['https://[2001:db8::1]', undefined],
])('at %s passkeys use the name %j', (address, party) => {
  expect(relyingParty(address)).toEqual(party)
})
