import pg from 'pg'
import * as argon2 from '@node-rs/argon2'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createPersonalToken } from '#domain/tokens/tokens'
import { newId } from '#domain/ids'
import { resetToMail } from '#domain/accounts/password-resets'
import { newToken } from '#domain/tokens/text'
import { type Cast, createCast, ownersPassword } from '#test/support/world/cast'
import type { Answer, Who } from '#test/support/http/client'
import { addSoftPasskey, turnOnTotp } from '#test/support/http/factors'
import { type Lane, startLane } from '#test/support/http/lane'
import { browser } from '#test/support/http/session'
import { type Jar, cookieOf, keep } from '#test/support/http/sign-in'
import { progress, report, scaleOf } from '#test/support/outcome'
import { differ } from '../ranks.ts'

// The modules that an earlier file left in this process have the hash functions already.
vi.hoisted(() => vi.resetModules())
afterAll(() => vi.resetModules())
// Counts the calls of the hash functions and changes nothing else.
vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof argon2>()
  return { ...real, hash: vi.fn<typeof real.hash>(real.hash), verify: vi.fn<typeof real.verify>(real.verify) }
})

/** How often each is timed; 0 in a short run. */
const TIMED = scaleOf('login', 0)
/** How many tries above the limit run at once. */
const TOO_MANY = TIMED > 0 ? 300 : 6

let lane: Lane
let cast: Cast
/** One person of every kind, with addresses of equal length. */
const people = { password: '', 'no password': '', 'second factor': '', nobody: 'p-nobody-00000000@acme.test' }
let guarded: { session: Who; email: string }
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  const { password_hash } = await lane.db
    .selectFrom('users')
    .select('password_hash')
    .where('id', '=', cast.people.orgOwner.id)
    .executeTakeFirstOrThrow()
  for (const [kind, hash] of [
    ['password', password_hash],
    ['no password', null],
    ['second factor', password_hash],
  ] as const) {
    const person = await cast.world.person()
    const email = `p-${person.id.slice(-15)}@acme.test`
    people[kind] = email
    await lane.db.updateTable('users').set({ password_hash: hash, email }).where('id', '=', person.id).execute()
    if (kind !== 'second factor') continue
    guarded = { session: await browser(person.credentialId), email }
    await turnOnTotp(lane.send, guarded.session)
  }
})
afterAll(() => lane.stop())
const forget = () => lane.db.deleteFrom('sign_in_throttles').execute()
beforeEach(forget)

const trySignIn = (email: string, password = 'not the password', headers = {}) =>
  lane.send(null, 'POST /session', { json: { email, password }, headers })

describe('a person with an account', () => {
  test('costs as much work to refuse as a person without one', async () => {
    const query = vi.spyOn(pg.Client.prototype, 'query')
    const works: Record<string, unknown> = {}
    // The first sign-in after a start must not be distinguishable either.
    for (const kind of ['nobody', 'password', 'nobody', 'no password', 'second factor'] as const) {
      await forget()
      vi.mocked(argon2.verify).mockClear()
      query.mockClear()
      expect((await trySignIn(people[kind])).status).toBe(401)
      const costs = vi.mocked(argon2.verify).mock.calls.map(([hash]) => String(hash).split('$').slice(1, 4).join('$'))
      works[kind] = { costs, statements: query.mock.calls.length }
    }
    query.mockRestore()
    const failures = Object.entries(works).flatMap(([kind, work]) =>
      JSON.stringify(work) === JSON.stringify(works['password']) ? [] : [`${kind}: ${JSON.stringify(work)}`],
    )
    expect(works['password']).toMatchObject({ costs: ['argon2id$v=19$m=19456,t=2,p=1'] })
    expect(report({ what: 'work of refusing a password', tried: Object.keys(works).length, failures })).toEqual([])
  })

  test.runIf(TIMED > 0)('takes as long to refuse as a person without one', { timeout: 0 }, async () => {
    const times: Record<string, number[]> = { password: [], 'no password': [], nobody: [] }
    for (let i = 0; i < TIMED; i++) {
      progress(i, TIMED, 'timed')
      await forget()
      // In another order each time, so that none always follows the same one.
      const kinds = Object.keys(times) as (keyof typeof people)[]
      for (let k = 0; k < kinds.length; k++) {
        const kind = kinds[(i + k) % kinds.length]!
        const since = performance.now()
        await trySignIn(people[kind])
        times[kind]!.push(performance.now() - since)
      }
    }
    const failures = ['no password', 'nobody'].flatMap((kind) => {
      const how = differ(times['password']!, times[kind]!)
      process.stderr.write(`\n${kind}: ${how.words}\n`)
      return how.differs ? [`${kind}: ${how.words}`] : []
    })
    expect(report({ what: 'time of refusing known and unknown people', tried: TIMED * 3, failures })).toEqual([])
  })
})

/** What an answer reveals, without what is unique in every answer. */
function revealedBy({ status, headers, text }: Answer<unknown>, own: readonly string[]): string {
  const shownHeaders = [...headers].filter(([name]) => !['x-request-id', 'date', 'etag', 'location'].includes(name))
  const cookies = headers.getSetCookie().map((cookie) => cookie.replace(/=[^;]*/, '=…'))
  const all = JSON.stringify([status, shownHeaders.filter(([name]) => name !== 'set-cookie'), cookies, text])
  const anonymous = own.reduce((so, one) => so.replaceAll(one, '…'), all)
  return anonymous
    .replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'id')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')
    .replaceAll(/(invite\/)[\w.~-]+/g, '$1…')
}

type Door = { name: string; asks: { who: string; own?: string[]; ask: () => Promise<Answer<unknown>> }[] }

/** Every way to sign in, each tried for a known and an unknown person. */
async function doors(): Promise<Door[]> {
  const invite = (email: string) =>
    lane.send<{ results: { invitation: { link: string } }[] }>(cast.people.orgAdmin.token, 'POST /orgs/acme/invitations', {
      json: { invitations: [{ email }] },
    })
  const known = { who: 'somebody', email: cast.stranger.email.padStart(26, 'x') }
  await lane.db.updateTable('users').set({ email: known.email }).where('id', '=', cast.stranger.id).execute()
  const invited = [known, { who: 'nobody', email: 'q-nobody-00000000@else.test'.slice(-26) }]
  const stage = await cast.project('doors')

  const [gone, over] = [await cast.world.person(), await cast.world.person()]
  const reset = (await resetToMail(lane.db, { email: gone.email, askedAt: new Date().toISOString() }))!
  const dead = {
    'well-formed, of nobody': newToken('personal').token,
    'of nobody any more': (await createPersonalToken(await cast.world.at(gone), { name: 'x' })).token,
    revoked: (await createPersonalToken(await cast.world.at(over), { name: 'x' })).token,
  }
  await lane.db
    .updateTable('personal_tokens')
    .set({ revoked_at: new Date().toISOString() })
    .where('user_id', '=', over.id)
    .execute()
  await lane.db.deleteFrom('personal_tokens').where('user_id', '=', gone.id).execute()
  await lane.db.deleteFrom('organization_members').where('user_id', '=', gone.id).execute()

  const passkey = await addSoftPasskey(lane.send, guarded.session)
  const byPasskey = async (spoil: (credential: Record<string, unknown>) => Record<string, unknown>) => {
    const jar: Jar = new Map()
    const options = await lane.send<{ challenge: string; rp: { id: string } }>(null, 'POST /session/passkey/options')
    keep(jar, options)
    const credential = spoil(passkey.authenticator.get(options.body))
    return lane.send(null, 'POST /session/passkey', { json: { credential }, headers: { cookie: cookieOf(jar) } })
  }
  const unknownId = Buffer.alloc(Buffer.from(passkey.authenticator.get({ challenge: 'x', rpId: 'x' }).id, 'base64url').length, 7)
  const spoilt = (credential: Record<string, unknown>) => ({
    ...credential,
    response: { ...(credential['response'] as object), signature: Buffer.alloc(70, 1).toString('base64url') },
  })

  const ids = { somebody: cast.stranger.id, nobody: newId() }
  const byId = (name: string, ask: (id: string) => Promise<Answer<unknown>>): Door => ({
    name,
    asks: Object.entries(ids).map(([who, id]) => ({ who, own: [id], ask: () => ask(id) })),
  })
  const { orgOwner } = cast.people
  return [
    { name: 'a wrong password', asks: Object.entries(people).map(([who, email]) => ({ who, ask: () => trySignIn(email) })) },
    {
      name: 'too many wrong passwords',
      asks: Object.entries(people).map(([who, email]) => ({
        who,
        ask: async () => {
          for (let i = 0; i < 5; i++) await trySignIn(email)
          return trySignIn(email)
        },
      })),
    },
    {
      name: 'a wrong password from a foreign page',
      asks: Object.entries(people).map(([who, email]) => ({
        who,
        ask: () => trySignIn(email, ownersPassword, { origin: 'https://evil.example' }),
      })),
    },
    {
      name: 'asking for a new password',
      asks: Object.entries(people).map(([who, email]) => ({
        who,
        ask: () => lane.send(null, 'POST /password-resets', { json: { email } }),
      })),
    },
    {
      name: 'asking too often for a new password',
      asks: Object.entries(people).map(([who, email]) => ({
        who,
        ask: async () => {
          for (let i = 0; i < 6; i++) await lane.send(null, 'POST /password-resets', { json: { email } })
          return lane.send(null, 'POST /password-resets', { json: { email } })
        },
      })),
    },
    {
      name: 'a forged link to a new password',
      asks: [`${reset.token.slice(0, -4)}AAAA`, 'nonsense'].map((token) => ({
        who: token.slice(0, 8),
        ask: () => lane.send(null, `POST /password-resets/${token}`, { json: { password: 'tuesday apricot lantern' } }),
      })),
    },
    {
      name: 'inviting',
      asks: invited.map(({ who, email }) => ({ who, own: [email], ask: () => invite(email) })),
    },
    {
      name: 'inviting in the v1 API',
      asks: invited.map(({ who, email }) => ({
        who,
        own: [email],
        ask: () => lane.send(orgOwner.token, `POST /v1/projects/${stage.id}/invite`, { json: { email } }),
      })),
    },
    {
      name: 'opening an invitation',
      asks: invited.map(({ who, email }) => ({
        who,
        own: [email],
        ask: async () => {
          const { body } = await invite(email)
          return lane.send(null, `GET /invitations/${body.results[0]!.invitation.link.split('/').at(-1)!}`)
        },
      })),
    },
    {
      name: 'accepting an invitation without signing in',
      asks: invited.map(({ who, email }) => ({
        who,
        own: [email],
        ask: async () => {
          const { body } = await invite(email)
          return lane.send(null, `POST /invitations/${body.results[0]!.invitation.link.split('/').at(-1)!}/accept`)
        },
      })),
    },
    ...['GET /me', 'GET /orgs', 'GET /v1/projects'].map((request) => ({
      name: `${request} with a dead token`,
      asks: Object.entries(dead).map(([who, token]) => ({ who, ask: () => lane.send(token, request) })),
    })),
    {
      name: 'a passkey',
      asks: [
        { who: 'known, signed by another', ask: () => byPasskey(spoilt) },
        {
          who: 'unknown',
          ask: () =>
            byPasskey((one) => ({ ...spoilt(one), id: unknownId.toString('base64url'), rawId: unknownId.toString('base64url') })),
        },
      ],
    },
    {
      name: 'the second step without the first',
      asks: ['', 'nonsense', reset.token].map((pending) => ({
        who: pending.slice(0, 8),
        ask: () =>
          lane.send(null, 'POST /session/second-factor', {
            json: { code: '123456' },
            headers: { cookie: `bulkhead-second-step=${pending}` },
          }),
      })),
    },
    {
      name: 'setting up',
      asks: Object.entries(people).map(([who, email]) => ({
        who,
        ask: () =>
          lane.send(null, 'POST /setup/owner', {
            json: {
              token: 'wrong',
              email,
              name: 'X',
              password: 'tuesday apricot lantern',
              organizationName: 'X',
              organizationSlug: 'acme',
            },
          }),
      })),
    },
    {
      name: 'another organization, and one that doesn’t exist',
      asks: ['other', 'never'].map((slug) => ({ who: slug, ask: () => lane.send(orgOwner.token, `GET /orgs/${slug}`) })),
    },
    byId('adding a stranger as a member', (userId) =>
      lane.send(orgOwner.token, 'POST /orgs/acme/projects/doors/members', { json: { userId, role: 'viewer' } }),
    ),
    byId('changing a stranger', (userId) =>
      lane.send(orgOwner.token, `PATCH /orgs/acme/members/${userId}`, { json: { role: 'viewer' } }),
    ),
    byId('removing a stranger', (userId) => lane.send(orgOwner.token, `DELETE /orgs/acme/members/${userId}`)),
    byId('asking for a stranger’s permissions', (userId) =>
      lane.send(orgOwner.token, `GET /orgs/acme/projects/doors/access?userId=${userId}`),
    ),
    byId('asking for a stranger’s permissions in the organization', (userId) =>
      lane.send(orgOwner.token, `GET /orgs/acme/access?userId=${userId}`),
    ),
    byId('viewing as a stranger', async (userId) =>
      lane.send(await browser(orgOwner.credentialId), 'POST /orgs/acme/projects/doors/view-as', { json: { userId } }),
    ),
  ]
}

test('no way to sign in reveals who has an account', { timeout: 0 }, async () => {
  const failures: string[] = []
  let tried = 0
  for (const { name, asks } of await doors()) {
    let first: string | undefined
    for (const { who, own = [], ask } of asks) {
      await forget()
      const answer = revealedBy(await ask(), own)
      first ??= answer
      if (answer !== first) failures.push(`${name}: ${who}: ${answer}, not ${first}`)
      tried++
    }
  }
  expect(report({ what: 'somebody and nobody, by every way in', tried, failures })).toEqual([])
})

describe('guessing', () => {
  /** Sends this many at once. Answers how many were tried, and whether each of the others learned how long to wait. */
  async function burst(times: number, ask: (i: number) => Promise<Answer<unknown>>) {
    const answers = await Promise.all(Array.from({ length: times }, (_, i) => ask(i)))
    const refused = answers.filter(({ status }) => status === 429)
    const untold = refused.filter(({ headers }) => !(Number(headers.get('retry-after')) > 0)).length
    return { tried: times - refused.length, untold }
  }

  const guesses: [what: string, free: number, ask: (i: number) => Promise<Answer<unknown>>][] = [
    ['the password of one account', 5, () => trySignIn(people.password)],
    ['the password of an account that is none', 5, () => trySignIn(people.nobody)],
    ['one password of many accounts', 50, (i) => trySignIn(`guess-${i}@acme.test`)],
    ['the set-up link', 50, (i) => setUp(`wrong-${i}`)],
    [
      'links to a new password',
      50,
      (i) => lane.send(null, `POST /password-resets/x${i}`, { json: { password: 'tuesday apricot lantern' } }),
    ],
    ['new passwords for one account', 5, () => lane.send(null, 'POST /password-resets', { json: { email: people.password } })],
    [
      'the password of a session',
      10,
      async () => lane.send(await session(), 'POST /me/reauthentication', { json: { password: 'wrong' } }),
    ],
    [
      'the password to change it',
      10,
      async () =>
        lane.send(await session(), 'PUT /me/password', { json: { password: 'wrong', newPassword: 'tuesday apricot lantern' } }),
    ],
    [
      'codes of an authenticator app',
      10,
      () => lane.send(guarded.session, 'POST /me/reauthentication', { json: { password: ownersPassword, code: '000000' } }),
    ],
  ]
  const session = () => browser(cast.people.orgOwner.credentialId)
  const setUp = (token: string) =>
    lane.send(null, 'POST /setup/owner', {
      json: {
        token,
        email: 'x@acme.test',
        name: 'X',
        password: 'tuesday apricot lantern',
        organizationName: 'X',
        organizationSlug: 'x',
      },
    })

  test('allows no more tries at once than in a row, and tells each other caller how long to wait', { timeout: 0 }, async () => {
    const failures: string[] = []
    let all = 0
    for (const [what, free, ask] of guesses) {
      await forget()
      const times = free + TOO_MANY
      const { tried, untold } = await burst(times, ask)
      all += times
      if (tried > free || untold > 0) failures.push(`${what}: ${tried} of ${times} were tried, ${untold} not told to wait`)
    }
    expect(report({ what: 'guesses at once', tried: all, failures })).toEqual([])
  })

  test('does not accept the correct password while throttled', async () => {
    for (let i = 0; i < 5; i++) await trySignIn(people.password)
    const { status, headers } = await trySignIn(people.password, ownersPassword)
    expect([status, Number(headers.get('retry-after')) > 0, headers.getSetCookie()]).toEqual([429, true, []])
  })
})
