import { afterAll, describe, expect, test, vi } from 'vitest'
import { InvitePeople } from '#contract/organizations/invitations'
import { CreateToken } from '#contract/tokens/tokens'
import { findUserByEmail } from '#db/queries/accounts/users'
import { insertSession } from '#db/queries/accounts/sessions'
import { countWaiting } from '#test/support/database/database'
import { unverifiedAddresses } from '../maintenance/check.ts'
import type { OrgContext, UserActor } from '../context.ts'
import { renewRecoveryCodes } from './factors.ts'
import { startTotp } from './authenticator-app.ts'
import { ensureHomeOrganization } from '../v1/home.ts'
import { type ProvenIdentity, linkIdentity, signInByIdentity } from './identities.ts'
import { newId } from '../ids.ts'
import { invitationToken, mailedInvitationLink, mailedInvitationToken } from '../organizations/invitations.ts'
import { joinByLink } from '../organizations/joining.ts'
import { listNotices } from '../notices/notices.ts'
import { invitePeople } from '../organizations/organization-invitations.ts'
import { findUserByPassword } from './passwords.ts'
import { createFirstOwner } from '../organizations/set-up.ts'
import { takeOver } from './takeover.ts'
import { openWorld, refused } from '#test/support/world/world'
import { createPersonalToken, createToken, revokeToken } from '../tokens/tokens.ts'
import { userByVerifiedEmail } from './verified-users.ts'

vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long')
vi.stubEnv('BULKHEAD_URL', 'https://console.test')
const world = await openWorld({ max: 16 })
const { db } = world
afterAll(world.close)
afterAll(() => vi.unstubAllEnvs())

const origin = { requestId: newId(), address: null }
const nobody = { db, origin }
const account = { name: 'Holder', password: 'the holder knows this' }
let n = 0

/** An account made through a shown link, with a session. */
async function unproven() {
  const email = `holder-${++n}@elsewhere.test`
  const { results } = await invitePeople(await world.at(world.root), InvitePeople.parse({ invitations: [{ email }] }))
  const id = results[0]!.invitation!.id
  await joinByLink(nobody, invitationToken(id), account)
  return session(email)
}

async function session(email: string): Promise<UserActor> {
  const user = (await findUserByEmail(db, email))!
  const credentialId = newId()
  await insertSession(db, { id: credentialId, user_id: user.id, address: null, user_agent: null, hours: 1 })
  const authenticatedAt = new Date().toISOString().replace('Z', '000Z')
  const identity = { id: user.id, name: user.name, email, avatarUrl: null, orgId: null }
  return { kind: 'user', ...identity, via: 'session', credentialId, authenticatedAt }
}

const verified = async (email: string) => (await findUserByEmail(db, email))?.email_verified_at !== null
const how = async (email: string) =>
  (await db.selectFrom('users').select('email_verified_by').where('email', '=', email).executeTakeFirst())?.email_verified_by
const takenOver = async (id: string) =>
  (
    await db
      .selectFrom('audit_events')
      .select('id')
      .where('action', '=', 'account.taken-over')
      .where('target_id', '=', id)
      .execute()
  ).length
const prove = (userId: string) => db.transaction().execute((trx) => takeOver(trx, userId, { by: 'mail' }, origin))
const at = (email: string, claims: Partial<ProvenIdentity> = {}): ProvenIdentity => ({
  issuer: 'https://login.test',
  subject: email,
  email,
  emailVerified: true,
  name: null,
  authenticatedAt: null,
  ...claims,
})
const browser = { origin, userAgent: null }

describe('an address is verified', () => {
  test('at once where the command line made the account, at first sight, or through a mailed link', async () => {
    expect(await how(world.root.email)).toBe('command-line')
    await userByVerifiedEmail(db, { email: 'seen@elsewhere.test', name: null }, origin)
    expect(await how('seen@elsewhere.test')).toBe('provider')
    const invitations = [{ email: 'mailed@elsewhere.test' }, { email: 'shown@elsewhere.test' }]
    const { results } = await invitePeople(await world.at(world.root), InvitePeople.parse({ invitations }))
    await joinByLink(nobody, mailedInvitationToken(results[0]!.invitation!.id), account)
    await joinByLink(nobody, invitationToken(results[1]!.invitation!.id), account)
    expect(await how('mailed@elsewhere.test')).toBe('mail')
    expect(await how('shown@elsewhere.test')).toBeNull()
  })

  test('at set-up', async () => {
    const other = await openWorld()
    await other.db.deleteFrom('organization_members').execute()
    await other.db.deleteFrom('users').execute()
    const first = { email: 'first@elsewhere.test', name: 'First', password: 'tuesday apricot lantern' }
    await createFirstOwner(other.db, { ...first, organizationName: 'First', organizationSlug: 'first' })
    const [user] = await other.db.selectFrom('users').select(['email_verified_by']).execute()
    expect(user).toEqual({ email_verified_by: 'set-up' })
    await other.close()
  })

  test('but not by a link to a page that its sender chose', () => {
    const row = { id: newId(), redirect_uri: 'https://core.example.test/join' }
    const token = new URL(mailedInvitationLink(row, 'https://console.test')).searchParams.get('token')
    expect(token).toBe(invitationToken(row.id))
    expect(mailedInvitationLink({ ...row, redirect_uri: null }, 'https://console.test')).toBe(
      `https://console.test/invite/${mailedInvitationToken(row.id)}`,
    )
  })

  test('otherwise check lists it', async () => {
    const holder = await unproven()
    const listed = async () => {
      const found: string[] = []
      for await (const email of unverifiedAddresses(db)) found.push(email)
      return found
    }
    expect(await listed()).toContain(holder.email)
    expect(await listed()).not.toContain(world.root.email)
    await prove(holder.id)
    expect(await listed()).not.toContain(holder.email)
  })
})

describe('the first proof', () => {
  test('happens once, even with many at once', async () => {
    const { id } = await unproven()
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => prove(id)))
    expect(outcomes.filter((dropped) => dropped !== undefined)).toHaveLength(1)
    expect(await takenOver(id)).toBe(1)
  })

  test('changes nothing in a verified account', async () => {
    const person = await world.person()
    expect(await prove(person.id)).toBeUndefined()
    expect(await db.selectFrom('sessions').select('id').where('user_id', '=', person.id).execute()).toHaveLength(1)
  })

  test('reports tokens that were made by the account’s tokens, also to the person, who owns the project', async () => {
    const holder = await unproven()
    const { id: orgId } = world.org
    await db.updateTable('organization_members').set({ role: 'admin' }).where('user_id', '=', holder.id).execute()
    const project = await world.project(`chain-${n}`, holder)
    const first = await world.inside(project, holder)
    const one = await createToken(first, CreateToken.parse({ name: 'one', role: 'admin' }))
    const { org } = first
    const grant = { ...first.grant, role: 'admin', source: 'token' } as const
    const actor = { kind: 'project_token', id: one.id, name: 'one', projectId: project.id, orgId, grant } as const
    await createToken({ ...first, org: { ...org, role: null }, actor, grant }, CreateToken.parse({ name: 'two', role: 'admin' }))
    await revokeToken(await world.inside(project), one.id)
    await prove(holder.id)
    const notices = db
      .selectFrom('notices')
      .selectAll()
      .where('project_id', '=', project.id)
      .where('kind', '=', 'account-taken-over')
    const notified = await notices.execute()
    expect(new Set(notified.map(({ user_id }) => user_id))).toEqual(new Set([holder.id, world.root.id]))
    expect(notified.filter(({ read_at }) => read_at !== null)).toEqual([])
    const { items } = await listNotices(await world.at(holder), { limit: 10 })
    expect(items.map(({ summary }) => summary)).toEqual([
      `${holder.email} verified their email address and took over their account. These were created before that and still work: the token two. Revoke what you don’t recognize`,
      'You verified your email address, so this account is yours. Earlier passwords, second factors, sessions and personal tokens were revoked',
    ])
  })

  type Busy = [what: string, call: (context: OrgContext) => Promise<unknown>]
  test.for<Busy>([
    ['a personal token', (context) => createPersonalToken(context, { name: 'kept' })],
    ['an authenticator app', (context) => startTotp(context)],
    ['recovery codes', (context) => renewRecoveryCodes(context)],
    ['an identity', (context) => linkIdentity(context, at(`own-${newId()}@evil.test`), null)],
  ])('does not wait for a transaction that adds %s, which is refused afterwards', async ([, call]) => {
    const holder = await unproven()
    const context = await world.at(holder)
    let busy: Promise<unknown> | undefined
    await db.transaction().execute(async (trx) => {
      await takeOver(trx, holder.id, { by: 'mail' }, origin)
      busy = refused(call(context))
      await vi.waitFor(async () => expect(await countWaiting(db)).toBe(1), { timeout: 5000, interval: 20 })
    })
    expect(await busy).toBe('unauthenticated')
    for (const table of ['totp_factors', 'recovery_codes', 'user_identities'] as const)
      expect(await db.selectFrom(table).select('user_id').where('user_id', '=', holder.id).execute()).toEqual([])
    const live = db.selectFrom('personal_tokens').select('id').where('user_id', '=', holder.id).where('revoked_at', 'is', null)
    expect(await live.execute()).toEqual([])
  })

  test('ends the session before it can join anything more in this name', async () => {
    const holder = await unproven()
    const { results } = await invitePeople(
      await world.at(world.root),
      InvitePeople.parse({ invitations: [{ email: `later-${n}@elsewhere.test` }] }),
    )
    await db.updateTable('invitations').set({ email: holder.email }).where('id', '=', results[0]!.invitation!.id).execute()
    await prove(holder.id)
    const guest = { db, origin, actor: await world.at(holder) }
    expect(await refused(joinByLink(guest, invitationToken(results[0]!.invitation!.id), {}))).toBe('unauthenticated')
  })
})

describe('a provider', () => {
  test('finds no account by an address that it has not verified', async () => {
    const holder = await unproven()
    expect(await refused(signInByIdentity(db, at(holder.email, { emailVerified: false }), browser))).toBe('oidc_email_unverified')
    expect(await verified(holder.email)).toBe(false)
  })

  test('proves the address when it verifies it later: the linked identity stays, the rest goes', async () => {
    const holder = await unproven()
    const unsure = at(holder.email, { emailVerified: false })
    const stranger = at(`other-${n}@evil.test`)
    for (const proven of [unsure, stranger]) expect(await linkIdentity(await world.at(holder), proven, null)).toBeUndefined()
    expect(await verified(holder.email)).toBe(false)
    expect((await signInByIdentity(db, unsure, browser)).me.id).toBe(holder.id)
    expect(await verified(holder.email)).toBe(false)
    expect((await signInByIdentity(db, at(holder.email), browser)).me.id).toBe(holder.id)
    expect(await verified(holder.email)).toBe(true)
    expect(await findUserByPassword(db, holder.email, account.password)).toBeUndefined()
    const left = await db.selectFrom('user_identities').select('subject').where('user_id', '=', holder.id).execute()
    expect(left).toEqual([{ subject: holder.email }])
    // The holder's link is gone, so the stranger gets an account of their own.
    expect((await signInByIdentity(db, stranger, browser)).me.id).not.toBe(holder.id)
  })

  test('takes nothing away when it no longer verifies the address', async () => {
    const email = `sure-${++n}@elsewhere.test`
    const { me } = await signInByIdentity(db, at(email), browser)
    expect((await signInByIdentity(db, at(email, { emailVerified: false }), browser)).me.id).toBe(me.id)
    expect(await verified(email)).toBe(true)
    expect(await takenOver(me.id)).toBe(0)
    const sessions = await db.selectFrom('sessions').select('id').where('user_id', '=', me.id).execute()
    expect(sessions).toHaveLength(2)
  })

  test('replaces all sessions with a new one when linking it proves the address', async () => {
    const holder = await unproven()
    const signedIn = await linkIdentity(await world.at(holder), at(holder.email), null)
    expect(signedIn?.me.id).toBe(holder.id)
    const sessions = await db.selectFrom('sessions').select('id').where('user_id', '=', holder.id).execute()
    expect(sessions).toEqual([{ id: signedIn?.sessionId }])
    expect(await takenOver(holder.id)).toBe(1)
  })
})

describe('a home organization', () => {
  const homes = async (userId: string) =>
    (
      await db
        .selectFrom('organization_members')
        .select('org_id')
        .where('user_id', '=', userId)
        .where('home', '=', true)
        .execute()
    ).length

  test('is created at first sight, once, for a person who joined without a proven address', async () => {
    const holder = await unproven()
    await Promise.all([ensureHomeOrganization(db, holder, 'first-request'), ensureHomeOrganization(db, holder, 'first-request')])
    expect(await homes(holder.id)).toBe(1)
    await prove(holder.id)
    expect(await homes(holder.id)).toBe(0)
    await Promise.all([ensureHomeOrganization(db, holder, 'first-request'), ensureHomeOrganization(db, holder, 'first-request')])
    expect(await homes(holder.id)).toBe(1)
  })

  test('is where a person joined with a proven address', async () => {
    const person = await world.person()
    await ensureHomeOrganization(db, person, 'first-request')
    const orgs = await db.selectFrom('organization_members').select('org_id').where('user_id', '=', person.id).execute()
    expect(orgs).toEqual([{ org_id: world.org.id }])
  })
})
