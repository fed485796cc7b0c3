import { HOTP, Secret } from 'otpauth'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { softAuthenticator } from '#test/support/http/authenticator'
import { confirmTotp, removeTotp, startTotp } from './authenticator-app.ts'
import type { ActorContext, UserActor } from '../context.ts'
import { methodsOf } from './factor-methods.ts'
import { getFactors, renewRecoveryCodes, resetFactors } from './factors.ts'
import { listOrganizationMembers } from '../organizations/members.ts'
import { addPasskey, removePasskey, renamePasskey, startPasskey } from './passkeys.ts'
import { rotateSealing } from '../maintenance/rotate-sealing.ts'
import { openWorld, page, refused } from '#test/support/world/world'

const world = await openWorld()
afterAll(world.close)
beforeEach(() => {
  vi.stubEnv('BULKHEAD_SECRET', 'the secret of this test that is long')
  vi.stubEnv('BULKHEAD_URL', 'https://bulkhead.example')
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

const codeAt = (secret: string, steps = 0) =>
  HOTP.generate({ secret: Secret.fromBase32(secret), counter: Math.floor(Date.now() / 30_000) + steps })

let actor: UserActor
let context: ActorContext
beforeEach(async () => {
  actor = await world.person()
  context = await world.at(actor)
})

/** A sign-in too old to change factors. */
const stale = () => ({ ...context, actor: { ...actor, authenticatedAt: new Date(Date.now() - 601_000).toISOString() } })
const byToken = () => ({ ...context, actor: { ...actor, via: 'personal_token' as const } })

async function turnOn() {
  const { secret } = await startTotp(context)
  return { secret, ...(await confirmTotp(context, { code: codeAt(secret) })) }
}

async function add(name = 'laptop') {
  const authenticator = softAuthenticator('https://bulkhead.example')
  const credential = authenticator.create(await startPasskey(context))
  return addPasskey(context, { name, credential })
}

const actions = async () => {
  const events = await world.db.selectFrom('audit_events').selectAll().where('actor_id', '=', actor.id).orderBy('id').execute()
  expect(JSON.stringify(events)).not.toMatch(/secret":|publicKey|[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}"/)
  return events.map(({ action }) => action)
}

describe('an authenticator app', () => {
  test('counts after its first right code, not before', async () => {
    const { secret } = await startTotp(context)
    expect(await methodsOf(world.db, actor.id)).toEqual([])
    expect(await refused(confirmTotp(context, { code: codeAt(secret, -5) }))).toBe('code_expired')
    expect((await getFactors(context)).totp).toBeNull()
    const { recoveryCodes } = await confirmTotp(context, { code: codeAt(secret) })
    expect(recoveryCodes).toHaveLength(10)
    expect(await methodsOf(world.db, actor.id)).toEqual(['totp', 'recovery-code'])
    expect(await actions()).toEqual(['second-factor.enabled'])
  })

  test('started again, the first secret no longer works', async () => {
    const first = await startTotp(context)
    const second = await startTotp(context)
    expect(await refused(confirmTotp(context, { code: codeAt(first.secret) }))).toBe('wrong_code')
    await confirmTotp(context, { code: codeAt(second.secret) })
    expect(await refused(startTotp(context))).toBe('totp_enabled')
    expect(await refused(confirmTotp(context, { code: codeAt(second.secret, 1) }))).toBe('totp_enabled')
  })

  test('started too long ago, or never, cannot be confirmed', async () => {
    expect(await refused(confirmTotp(context, { code: '123456' }))).toBe('totp_not_started')
    const { secret } = await startTotp(context)
    await world.db
      .updateTable('totp_factors')
      .set({ created_at: new Date(Date.now() - 601_000).toISOString() })
      .where('user_id', '=', actor.id)
      .execute()
    expect(await refused(confirmTotp(context, { code: codeAt(secret) }))).toBe('totp_not_started')
  })

  test('is stored encrypted, and two confirmations at once turn it on once', async () => {
    const { secret } = await startTotp(context)
    const row = await world.db.selectFrom('totp_factors').selectAll().where('user_id', '=', actor.id).executeTakeFirstOrThrow()
    expect(row.sealed.includes(Buffer.from(Secret.fromBase32(secret).bytes))).toBe(false)
    const both = await Promise.allSettled([1, 2].map(() => confirmTotp(context, { code: codeAt(secret) })))
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await actions()).toEqual(['second-factor.enabled'])
  })

  test('turned off, also removes the recovery codes unless a passkey is left', async () => {
    await turnOn()
    const { id, recoveryCodes } = await add()
    expect(recoveryCodes).toBeNull()
    await removeTotp(context)
    expect((await getFactors(context)).recoveryCodes).toEqual({ left: 10, made: 10 })
    expect(await methodsOf(world.db, actor.id)).toEqual(['passkey', 'recovery-code'])
    await removePasskey(context, id)
    expect((await getFactors(context)).recoveryCodes).toEqual({ left: 0, made: 0 })
    expect(await refused(removeTotp(context))).toBe('factor_not_found')
    expect(await refused(renewRecoveryCodes(context))).toBe('factor_not_found')
  })

  test('survives a change of BULKHEAD_SECRET and is re-encrypted under the new one', async () => {
    await world.db.deleteFrom('totp_factors').execute()
    const { secret } = await startTotp(context)
    vi.stubEnv('BULKHEAD_SECRET', 'the next secret that is also long enough')
    expect(await rotateSealing(world.db)).toEqual({ resealed: 0, unknown: 1 })
    await expect(confirmTotp(context, { code: codeAt(secret) })).rejects.toThrow('BULKHEAD_PREVIOUS_SECRETS')
    vi.stubEnv('BULKHEAD_PREVIOUS_SECRETS', 'the secret of this test that is long')
    await confirmTotp(context, { code: codeAt(secret) })
    expect(await rotateSealing(world.db)).toEqual({ resealed: 1, unknown: 0 })
    expect(await rotateSealing(world.db)).toEqual({ resealed: 0, unknown: 0 })
    vi.stubEnv('BULKHEAD_PREVIOUS_SECRETS', '')
    await removeTotp(context)
  })
})

test('every change writes one event and one notice under its name', async () => {
  await turnOn()
  const { id } = await add('laptop')
  await renamePasskey(context, id, { name: 'key ring' })
  await renamePasskey(context, id, { name: 'key ring' })
  await renewRecoveryCodes(context)
  await removePasskey(context, id)
  await removeTotp(context)
  expect(await actions()).toEqual([
    'second-factor.enabled',
    'passkey.added',
    'passkey.renamed',
    'recovery-codes.renewed',
    'passkey.removed',
    'second-factor.disabled',
  ])
})

test('a registration must finish within five minutes', async () => {
  const authenticator = softAuthenticator('https://bulkhead.example')
  const [soon, late] = [await startPasskey(context), await startPasskey(context)]
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 4.9 * 60_000 })
  await addPasskey(context, { name: 'soon', credential: authenticator.create(soon) })
  vi.setSystemTime(Date.now() + 0.2 * 60_000)
  const credential = softAuthenticator('https://bulkhead.example').create(late)
  expect(await refused(addPasskey(context, { name: 'late', credential }))).toBe('passkey_expired')
})

test('refuses a passkey after the twentieth', async () => {
  for (let i = 0; i < 20; i++) await add(`key ${i}`)
  expect(await refused(startPasskey(context))).toBe('too_many_passkeys')
})

test('a stale sign-in and a token cannot change factors', async () => {
  await turnOn()
  const { id } = await add()
  const before = await actions()
  for (const change of [startPasskey, renewRecoveryCodes, removeTotp, startTotp]) {
    expect(await refused(change(stale()))).toBe('reauthentication_required')
    expect(await refused(change(byToken()))).toBe('forbidden')
  }
  expect(await refused(removePasskey(stale(), id))).toBe('reauthentication_required')
  expect(await refused(renamePasskey(byToken(), id, { name: 'x' }))).toBe('forbidden')
  expect(await refused(getFactors(byToken()))).toBe('forbidden')
  expect(await actions()).toEqual(before)
})

describe('resetFactors', () => {
  test('leaves the password as the only way to sign in, and records the system as the actor', async () => {
    await turnOn()
    await add()
    expect(await resetFactors(world.db, actor)).toEqual({ totp: true, passkeys: 1 })
    expect(await methodsOf(world.db, actor.id)).toEqual([])
    expect((await getFactors(context)).recoveryCodes.made).toBe(0)
    expect(await resetFactors(world.db, actor)).toEqual({ totp: false, passkeys: 0 })
    const events = await world.db.selectFrom('audit_events').selectAll().where('target_id', '=', actor.id).execute()
    expect(events.filter(({ action }) => action === 'second-factor.reset')).toMatchObject([
      { actor_kind: 'system', actor_name: 'cli', before: { totp: true, passkeys: 1 } },
    ])
  })
})

describe('the list of people', () => {
  const listed = async (as: UserActor, secondFactor?: 'yes' | 'no') => {
    const { items } = await listOrganizationMembers(await world.at(as), { ...page, secondFactor })
    return items.map((person) => [person.userId, person.secondFactor])
  }

  test('shows who has a second factor to callers who manage people, and filters by it', async () => {
    await startTotp(context)
    expect(await listed(world.root)).toContainEqual([actor.id, false])
    await turnOn()
    const passkeyed = await world.person('admin')
    const at = await world.at(passkeyed)
    const credential = softAuthenticator('https://bulkhead.example').create(await startPasskey(at))
    await addPasskey(at, { name: 'laptop', credential })
    const having = [
      [actor.id, true],
      [passkeyed.id, true],
    ]
    expect(await listed(world.root)).toEqual(expect.arrayContaining(having))
    expect((await listed(passkeyed, 'yes')).slice(-2)).toEqual(having)
    expect(await listed(world.root, 'no')).toContainEqual([world.root.id, false])
    expect(await listed(world.root, 'no')).not.toContainEqual([actor.id, false])
  })

  test('shows it to nobody else', async () => {
    expect((await listed(actor)).map(([, has]) => has)).toEqual(expect.arrayContaining([null]))
    expect((await listed(actor)).some(([, has]) => has !== null)).toBe(false)
    expect(await refused(listed(actor, 'no'))).toBe('forbidden')
  })
})
