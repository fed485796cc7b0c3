import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Database } from '#db/client'
import { findSession } from '#db/queries/access/actors'
import { createTestDatabase } from '#test/support/database/database'
import type { UserActor } from '../context.ts'
import { isPasswordOf } from './passwords.ts'
import { createUser } from './users.ts'
import { reauthenticate, signIn, signOut } from './sign-in.ts'
import { createWorld, openWorld, refused } from '#test/support/world/world'
import { createFirstOwner, pendingSetUp, setUp, setUpToken } from '../organizations/set-up.ts'
import { createOrganization } from '../organizations/organizations.ts'
import { addOrganizationMember, grantOwner } from '../organizations/members.ts'

const world = await openWorld()
afterAll(world.close)
beforeEach(() => vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long'))
afterEach(() => vi.unstubAllEnvs())

const first = {
  email: 'first@acme.test',
  name: 'First',
  password: 'correct horse battery',
  organizationName: 'Acme',
  organizationSlug: 'first',
}

/** A database without users. */
async function withEmptyDatabase(use: (db: Database) => Promise<void>) {
  const empty = await createTestDatabase()
  try {
    await use(empty.db)
  } finally {
    await empty.drop()
  }
}

describe('set-up', () => {
  test('makes the first owner and organization, once, for the holder of the link', () =>
    withEmptyDatabase(async (db) => {
      const token = await pendingSetUp(db)
      expect(token).toBe(setUpToken())
      expect(await refused(setUp(db, { ...first, token: 'guessed' }, null))).toBe('invalid_setup_token')
      expect(await refused(setUp(db, { ...first, organizationSlug: 'console', token: token! }, null))).toBe('reserved_slug')
      expect(await setUp(db, { ...first, token: token! }, null)).toEqual({ organizationSlug: 'first' })
      expect(await pendingSetUp(db)).toBeUndefined()
      expect(
        await refused(setUp(db, { ...first, email: 'second@acme.test', organizationSlug: 'second', token: token! }, null)),
      ).toBe('already_set_up')
      const members = await db.selectFrom('organization_members').select('role').execute()
      expect(members).toEqual([{ role: 'owner' }])
    }))

  test('makes one owner when many call it at once', () =>
    withEmptyDatabase(async (db) => {
      const attempts = Array.from({ length: 5 }, (_, i) =>
        createFirstOwner(db, { ...first, email: `u${i}@acme.test`, organizationSlug: `org${i}` }),
      )
      const done = (await Promise.allSettled(attempts)).filter((attempt) => attempt.status === 'fulfilled')
      expect(done.length).toBe(1)
      expect((await db.selectFrom('users').select('id').execute()).length).toBe(1)
    }))
})

describe('createUser and createOrganization', () => {
  test('refuse a taken email or slug', async () => {
    await createUser(world.db, { email: 'taken@acme.test', name: 'A' })
    expect(await refused(createUser(world.db, { email: 'taken@acme.test', name: 'B' }))).toBe('email_taken')
    expect(await refused(createOrganization(world.db, { slug: 'acme', name: 'B' }))).toBe('slug_taken')
    expect(await refused(createOrganization(world.db, { slug: 'v1', name: 'B' }))).toBe('reserved_slug')
    expect(await refused(addOrganizationMember(world.db, world.org, world.root, 'viewer'))).toBe('already_member')
  })

  test('a password is stored as argon2id and never returned', async () => {
    const user = await createUser(world.db, { email: 'secret@acme.test', name: 'S', password: 'correct horse battery' })
    const { password_hash: hash } = await world.db
      .selectFrom('users')
      .select('password_hash')
      .where('id', '=', user.id)
      .executeTakeFirstOrThrow()
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const events = await world.db
      .selectFrom('audit_events')
      .select(['before', 'after'])
      .where('target_id', '=', user.id)
      .execute()
    expect(JSON.stringify(events)).not.toMatch(/argon2|horse/)
    expect(await isPasswordOf(world.db, user.id, 'correct horse battery')).toBe(true)
    expect(await isPasswordOf(world.db, user.id, 'correct horse batterY')).toBe(false)
    expect(await isPasswordOf(world.db, world.root.id, '')).toBe(false)
  })
})

describe('grantOwner', () => {
  test('makes a member or a stranger an owner, in that organization only', async () => {
    const here = await createWorld(world.db, 'glass')
    const [viewer, stranger] = [
      await here.person('viewer'),
      await createUser(world.db, { email: 'stranger@acme.test', name: 'S' }),
    ]
    for (const user of [viewer, stranger]) await grantOwner(world.db, here.org, user)
    const rows = await world.db
      .selectFrom('organization_members')
      .select(['org_id', 'role'])
      .where('user_id', 'in', [viewer.id, stranger.id])
      .execute()
    expect(rows).toEqual([
      { org_id: here.org.id, role: 'owner' },
      { org_id: here.org.id, role: 'owner' },
    ])
  })
})

describe('sessions', () => {
  const password = 'correct horse battery'
  const where = { address: '192.0.2.7', userAgent: 'x'.repeat(400) }
  let people = 0
  async function signedIn() {
    const user = await createUser(world.db, { email: `s${++people}@acme.test`, name: 'S', password })
    const session = await signIn(world.db, { email: ` S${people}@ACME.test `, password, ...where })
    const actor: UserActor = { ...world.root, ...user, name: 'S', credentialId: session.sessionId }
    const context = { ...(await world.at(world.root)), actor }
    return { user, sessionId: session.sessionId, context }
  }

  test('start with the right password, and end when they are ended', async () => {
    const { user, sessionId } = await signedIn()
    expect(await findSession(world.db, sessionId)).toMatchObject({ user_id: user.id })
    expect(await refused(signIn(world.db, { email: user.email, password: 'wrong', ...where }))).toBe('wrong_credentials')
    expect(await refused(signIn(world.db, { email: 'nobody@acme.test', password, ...where }))).toBe('wrong_credentials')
    expect(await refused(signIn(world.db, { email: world.root.email, password: '', ...where }))).toBe('wrong_credentials')
    await signOut(world.db, sessionId)
    expect(await findSession(world.db, sessionId)).toBeUndefined()
  })

  test('expire', async () => {
    const { sessionId } = await signedIn()
    await world.db.updateTable('sessions').set({ expires_at: '2020-01-01T00:00:00Z' }).where('id', '=', sessionId).execute()
    expect(await findSession(world.db, sessionId)).toBeUndefined()
  })

  test('are confirmed again with the password', async () => {
    const { sessionId, context } = await signedIn()
    await world.db.updateTable('sessions').set({ authenticated_at: '2020-01-01T00:00:00Z' }).where('id', '=', sessionId).execute()
    expect(await refused(reauthenticate(context, { password: 'wrong' }))).toBe('wrong_password')
    expect((await findSession(world.db, sessionId))?.authenticated_at).toBe('2020-01-01T00:00:00.000000Z')
    const { authenticatedAt } = await reauthenticate(context, { password })
    expect((await findSession(world.db, sessionId))?.authenticated_at).toBe(authenticatedAt)
    expect(Date.now() - Date.parse(authenticatedAt)).toBeLessThan(60_000)
  })

  test('cannot be confirmed by a token or after they ended', async () => {
    const { sessionId, context } = await signedIn()
    expect(await refused(reauthenticate({ ...context, actor: { ...context.actor, via: 'personal_token' } }, { password }))).toBe(
      'forbidden',
    )
    await signOut(world.db, sessionId)
    expect(await refused(reauthenticate(context, { password }))).toBe('unauthenticated')
  })
})
