import type { Role } from '#contract/common'
import type { FirstOwner, SetUp } from '#contract/accounts/me'
import { type Database, type Trx, inTransaction } from '#db/client'
import * as organizations from '#db/queries/organizations/organizations'
import { type VerifiedBy, hasUsers, insertUser, lockSetUp } from '#db/queries/accounts/users'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { audit } from '../audit/audit.ts'
import { DomainError } from '../errors.ts'
import { newId } from '../ids.ts'
import { assertNotReserved } from '../organizations/organizations.ts'
import { assertStrong } from './password-rules.ts'
import { hashPassword } from './passwords.ts'
import { assertRoomForPerson } from '../limits/quotas.ts'
import { derivedKey } from '#config/settings'
import { countAttempt, forgiveAttempts } from '../limits/throttle.ts'
import type { AuditSource } from '../events.ts'

const setUpSource: AuditSource = { actor: { kind: 'system', name: 'set-up' }, origin: null }

/** Whoever runs the command line reaches the database itself, so nobody else is asked. */
export const cli: AuditSource = { actor: { kind: 'system', name: 'cli' }, origin: null }

/** The secret of the set-up link. Derived, so that every process prints the same one; of use only while there is no user. */
export const setUpToken = () => createHmac('sha256', derivedKey('set-up')).update('first owner').digest('base64url')

/** The set-up link's secret while nobody is there yet; undefined afterwards. */
export async function pendingSetUp(db: Database): Promise<string | undefined> {
  return (await hasUsers(db)) ? undefined : setUpToken()
}

/** The first owner and the first organisation: once, by whoever holds the link. */
export async function setUp(
  db: Database | Trx,
  { token, ...first }: SetUp,
  address: string | null,
): Promise<{ organizationSlug: string }> {
  await countAttempt(db, { address })
  const given = Buffer.from(token)
  const right = Buffer.from(setUpToken())
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw new DomainError('invalid_setup_token', 'This set-up link is not the one printed at start')
  }
  await forgiveAttempts(db, { address })
  return createFirstOwner(db, first)
}

/** The same unattended: from the environment's `BULKHEAD_ADMIN_…`. */
export async function createFirstOwner(db: Database | Trx, first: FirstOwner): Promise<{ organizationSlug: string }> {
  assertNotReserved(first.organizationSlug)
  assertStrong(first.password, first, 'password')
  const password = await hashPassword(first.password)
  return inTransaction(db, async (trx) => {
    await lockSetUp(trx)
    if (await hasUsers(trx)) throw new DomainError('already_set_up', 'Bulkhead is set up already; sign in instead')
    const user = await addUser(trx, setUpSource, {
      email: first.email,
      name: first.name,
      passwordHash: password,
      verifiedBy: 'set-up',
    })
    await addOrganization(trx, setUpSource, { slug: first.organizationSlug, name: first.organizationName, owner: user })
    return { organizationSlug: first.organizationSlug }
  })
}

export type Person = { id: string; email: string }

export async function createUser(
  db: Database | Trx,
  { email, name, password }: { email: string; name: string; password?: string | undefined },
): Promise<Person> {
  if (password !== undefined) assertStrong(password, { email, name }, 'password')
  const passwordHash = password === undefined ? null : await hashPassword(password)
  return inTransaction(db, (trx) => addUser(trx, cli, { email, name, passwordHash, verifiedBy: 'command-line' }))
}

type NewUser = { email: string; name: string; passwordHash: string | null; verifiedBy: VerifiedBy | null }

/** Inside a transaction of whoever has decided that it may be. `verifiedBy` null = nobody has proven the address. */
export async function addUser(
  trx: Trx,
  source: AuditSource,
  { email, name, passwordHash, verifiedBy }: NewUser,
): Promise<Person> {
  const user = await insertUser(trx, { id: newId(), email, name, password_hash: passwordHash, email_verified_by: verifiedBy })
  if (!user) throw new DomainError('email_taken', `There is already a user with the email ${email}`)
  await audit(trx, source, 'user.created', { kind: 'user', id: user.id, name: user.email }, { after: { email, name } })
  return user
}

/** Without an owner the organisation waits for one (`add-member --role owner`). */
export async function createOrganization(
  db: Database | Trx,
  organization: { slug: string; name: string; owner?: Person | undefined },
) {
  assertNotReserved(organization.slug)
  return inTransaction(db, (trx) => addOrganization(trx, cli, organization))
}

/** The same for an organisation. */
export async function addOrganization(
  trx: Trx,
  by: AuditSource,
  { slug, name, owner, home }: { slug: string; name: string; owner?: Person | undefined; home?: true },
) {
  const organization = await organizations.insertOrganization(trx, { id: newId(), slug, name })
  if (!organization) throw new DomainError('slug_taken', `The slug ${slug} is taken`, [{ path: 'slug', message: 'is taken' }])
  if (owner) {
    const member = { org_id: organization.id, user_id: owner.id, role: 'owner' as const }
    await organizations.insertOrganizationMember(trx, home ? { ...member, home } : member)
  }
  await audit(
    trx,
    { ...by, org: organization },
    'organization.created',
    { kind: 'organization', id: organization.id, name: slug },
    { after: { slug, name, owner: owner?.email ?? null } },
  )
  return organization
}

export async function addOrganizationMember(db: Database | Trx, org: { id: string }, user: Person, role: Role): Promise<void> {
  await inTransaction(db, async (trx) => {
    await assertRoomForPerson(trx, org, user.id)
    const added = await organizations.insertOrganizationMember(trx, { org_id: org.id, user_id: user.id, role })
    if (!added) throw new DomainError('already_member', `${user.email} already belongs to this organisation`)
    await audit(
      trx,
      { ...cli, org },
      'organization.member-added',
      { kind: 'user', id: user.id, name: user.email },
      { after: { role } },
    )
  })
}

/** Break-glass: makes a user an owner of the organisation, member or not, whatever the quota. */
export async function grantOwner(db: Database | Trx, org: { id: string }, user: Person): Promise<void> {
  await inTransaction(db, async (trx) => {
    const changed = await organizations.updateOrganizationRole(trx, org.id, user.id, 'owner')
    if (!changed) await organizations.insertOrganizationMember(trx, { org_id: org.id, user_id: user.id, role: 'owner' })
    await audit(trx, { ...cli, org }, 'organization.owner-granted', { kind: 'user', id: user.id, name: user.email })
  })
}
