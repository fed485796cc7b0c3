import { Name } from '#contract/common'
import { Email } from '#contract/email'
import type { SignInMethods } from '#contract/accounts/oidc'
import { type OidcProblem, oidcProblems } from '#contract/accounts/oidc-problems'
import { type Database, type Trx, inTransaction } from '#db/client'
import * as rows from '#db/queries/accounts/identities'
import { listPasskeys } from '#db/queries/accounts/passkeys'
import { renewSession } from '#db/queries/accounts/sessions'
import { findPasswordHash, findPerson, findUser } from '#db/queries/accounts/users'
import { audit } from '../audit/audit.ts'
import type { ActorContext, Origin, UserActor } from '../context.ts'
import { DomainError } from '../errors.ts'
import { assertFreshSignIn } from '../access/fresh-sign-in.ts'
import { userByVerifiedEmail } from './verified-users.ts'
import { newId } from '../ids.ts'
import { type SignedIn, openSession } from './sign-in.ts'
import { assertStillSignedIn, sessionActor } from '../access/signed-in.ts'
import { type Proof, takeOver } from './takeover.ts'

/** The sign-in provider configured on this server. */
export type Provider = { issuer: string; name: string }

/** What a provider has proven about a person. `authenticatedAt` is when they authenticated there. */
export type ProvenIdentity = rows.Subject & {
  email: string | null
  emailVerified: boolean
  name: string | null
  authenticatedAt: Date | null
}

export const oidcProblem = (code: OidcProblem) => new DomainError(code, oidcProblems[code])

type Person = { id: string; email: string; name: string; avatar_url: string | null }
type Account = { email: string; email_verified_at: string | null }
type Browser = { origin: Origin; userAgent: string | null }

/** Finds the account by the provider's subject; only the first sign-in looks it up by a verified email. */
export async function signInByIdentity(
  db: Database | Trx,
  proven: ProvenIdentity,
  { origin, userAgent }: Browser,
): Promise<Omit<SignedIn, 'deviceText'>> {
  return inTransaction(db, async (trx) => {
    const person = (await known(trx, proven, origin)) ?? (await firstSeen(trx, proven, origin))
    return openSession(trx, person, { address: origin.address, userAgent, authenticatedAt: askedAt(proven) })
  })
}

/**
 * When the person authenticated. Without a time it may be days ago: that opens a session but is not fresh enough to destroy. A
 * time ahead of our clock counts as now.
 */
const askedAt = ({ authenticatedAt }: ProvenIdentity) => new Date(Math.min(authenticatedAt?.getTime() ?? 0, Date.now()))

/** Whether the provider vouches for an account's address that nobody has verified yet. */
const provesAddress = ({ email, emailVerified }: ProvenIdentity, account: Account): boolean =>
  emailVerified && account.email_verified_at === null && Email.safeParse(email).data === account.email

/** The provider's name for the person, if it is a valid name. */
const nameIn = ({ name }: ProvenIdentity): string | null => Name.safeParse(name).data ?? null

/** Locks the user before the identity, in the order of everything that writes both: opening a session changes them too. */
async function known(trx: Trx, proven: ProvenIdentity, origin: Origin): Promise<Person | undefined> {
  const userId = await rows.findUserOf(trx, proven)
  if (userId === undefined) return undefined
  await rows.lockLinks(trx, userId)
  const identity = await rows.lockIdentity(trx, proven)
  if (!identity) return undefined
  if (identity.unlinked_at !== null) throw oidcProblem('oidc_unlinked')
  await rows.touchIdentity(trx, identity.id, proven.email)
  // Whoever used the account before its address was proven may be someone else: what they added goes, this identity stays.
  if (!provesAddress(proven, identity)) return { ...identity, id: userId }
  await takeOver(trx, userId, proofOf(proven, identity.id), origin)
  return findUser(trx, userId)
}

const proofOf = (proven: ProvenIdentity, identityId?: string): Proof => ({
  by: 'provider',
  name: nameIn(proven) ?? undefined,
  identityId,
})

async function firstSeen(trx: Trx, proven: ProvenIdentity, origin: Origin): Promise<Person> {
  const email = Email.safeParse(proven.email)
  if (!email.success) throw oidcProblem('oidc_email_missing')
  if (!proven.emailVerified) throw oidcProblem('oidc_email_unverified')
  const user = await userByVerifiedEmail(trx, { email: email.data, name: nameIn(proven) }, origin)
  await rows.lockLinks(trx, user.id)
  // An address can be reassigned to someone else; the account stays with the identity it was linked to first.
  const another = await rows.hasIdentityOf(trx, user.id, proven.issuer)
  const linked = another ? undefined : await insert(trx, proven, user, origin)
  const person = linked ? { ...user, avatar_url: user.avatarUrl } : await known(trx, proven, origin)
  if (!person) throw oidcProblem('oidc_other_identity')
  return person
}

/** Undefined when two callbacks ran at once and the other one inserted the identity first. */
async function insert(trx: Trx, proven: ProvenIdentity, user: { id: string; email: string }, origin: Origin) {
  const { issuer, subject, email } = proven
  const linked = await rows.insertIdentity(trx, { id: newId(), user_id: user.id, issuer, subject, email })
  if (linked) await auditLink(trx, { kind: 'user', ...user }, origin, linked.id, proven)
  return linked
}

const auditLink = (
  trx: Trx,
  { id: userId, email: name }: Pick<UserActor, 'kind' | 'id' | 'email'>,
  origin: Origin,
  id: string,
  { issuer, subject, email }: ProvenIdentity,
) =>
  audit(
    trx,
    { actor: { kind: 'user', id: userId, email: name }, origin },
    'identity.linked',
    { kind: 'identity', id, name: email ?? subject },
    { after: { issuer, subject, email } },
  )

/**
 * Links the proven identity to the signed-in user. If that verifies the account's address for the first time, everything from
 * before ends, this session included, and a new session is returned.
 */
export async function linkIdentity(
  context: ActorContext,
  proven: ProvenIdentity,
  userAgent: string | null,
): Promise<Omit<SignedIn, 'deviceText'> | undefined> {
  const actor = sessionActor(context)
  const { origin } = context
  return inTransaction(context.db, async (trx) => {
    await assertStillSignedIn(trx, actor)
    const identityId = await link(trx, proven, actor, origin)
    const person = await findPerson(trx, actor.id)
    if (!person || !provesAddress(proven, person)) return undefined
    await takeOver(trx, actor.id, proofOf(proven, identityId), origin)
    const user = await findUser(trx, actor.id)
    return openSession(trx, user!, { address: origin.address, userAgent, authenticatedAt: askedAt(proven) })
  })
}

async function link(trx: Trx, proven: ProvenIdentity, actor: UserActor, origin: Origin): Promise<string> {
  const inserted = await insert(trx, proven, actor, origin)
  if (inserted) return inserted.id
  const identity = (await rows.lockIdentity(trx, proven))!
  if (identity.unlinked_at !== null) {
    await rows.relinkIdentity(trx, identity.id, actor.id, proven.email)
    await auditLink(trx, actor, origin, identity.id, proven)
  } else if (identity.user_id !== actor.id) throw oidcProblem('oidc_linked_elsewhere')
  else await rows.touchIdentity(trx, identity.id, proven.email)
  return identity.id
}

/** Confirms through the provider that the same person is present. The proof must be newer than the session's request. */
export async function reauthenticateByIdentity(context: ActorContext, proven: ProvenIdentity, asked: Date): Promise<void> {
  const actor = sessionActor(context)
  // Allows the provider's clock to be 30 seconds behind ours.
  const isFresh = proven.authenticatedAt !== null && proven.authenticatedAt.getTime() >= asked.getTime() - 30_000
  if (!isFresh) throw oidcProblem('oidc_not_reauthenticated')
  await inTransaction(context.db, async (trx) => {
    const identity = await rows.lockIdentity(trx, proven)
    if (identity?.user_id !== actor.id || identity.unlinked_at !== null) throw oidcProblem('oidc_other_subject')
    await rows.touchIdentity(trx, identity.id, proven.email)
    if (!(await renewSession(trx, actor.credentialId))) throw oidcProblem('oidc_session_over')
    await audit(trx, context, 'session.reauthenticated', { kind: 'user', id: actor.id, name: actor.email })
  })
}

/** Compares issuers with or without the slash after a bare host. */
const isOf = (provider: Provider | undefined, issuer: string) =>
  provider !== undefined && URL.canParse(issuer) && new URL(issuer).href === new URL(provider.issuer).href

const nameOf = (issuer: string, provider: Provider | undefined) =>
  isOf(provider, issuer) ? provider!.name : URL.canParse(issuer) ? new URL(issuer).host : issuer

export async function getSignInMethods(context: ActorContext, provider: Provider | undefined): Promise<SignInMethods> {
  const { id } = sessionActor(context)
  const user = await findPasswordHash(context.db, id)
  const identities = await rows.listIdentities(context.db, id)
  return {
    password: Boolean(user?.password_hash),
    emailVerified: user?.email_verified_at != null,
    provider: provider ? { name: provider.name } : null,
    identities: identities.map((row) => ({
      id: row.id,
      issuer: row.issuer,
      provider: nameOf(row.issuer, provider),
      subject: row.subject,
      email: row.email,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
    })),
  }
}

/** Whether removing this would leave no way to sign in. A provider that this server no longer uses does not count. */
const isLastWay = (hasOwnWay: boolean, others: { issuer: string }[], provider: Provider | undefined) =>
  !hasOwnWay && !others.some(({ issuer }) => isOf(provider, issuer))

export async function unlinkIdentity(
  context: ActorContext,
  provider: Provider | undefined,
  identityId: string,
): Promise<{ id: string; unlinked: true }> {
  const actor = sessionActor(context)
  assertFreshSignIn(context)
  return inTransaction(context.db, async (trx) => {
    await rows.lockLinks(trx, actor.id)
    const identities = await rows.listIdentities(trx, actor.id)
    const identity = identities.find(({ id }) => id === identityId)
    if (!identity) throw new DomainError('identity_not_found', 'No such identity')
    const user = await findPasswordHash(trx, actor.id)
    const passkeys = await listPasskeys(trx, actor.id)
    const others = identities.filter(({ id }) => id !== identityId)
    if (isLastWay(Boolean(user?.password_hash) || passkeys.length > 0, others, provider))
      throw new DomainError('last_sign_in_method', 'This is your only way to sign in. Set a password first')
    await rows.unlinkIdentity(trx, actor.id, identityId)
    const { issuer, subject, email } = identity
    await audit(
      trx,
      context,
      'identity.unlinked',
      { kind: 'identity', id: identityId, name: email ?? subject },
      { before: { issuer, subject, email } },
    )
    return { id: identityId, unlinked: true }
  })
}
