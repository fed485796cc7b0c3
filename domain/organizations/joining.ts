import type { AcceptInvitation, AcceptedInvitation, OpenInvitation } from '#contract/organizations/invitations'
import { type Database, type Trx, inTransaction } from '#db/client'
import * as rows from '#db/queries/organizations/invitations'
import { insertMember } from '#db/queries/members/members'
import { insertOrganizationMember, lockOrganization } from '#db/queries/organizations/organizations'
import { lockProject } from '#db/queries/projects/projects'
import { findUser, findUserByEmail } from '#db/queries/accounts/users'
import { audit } from '../audit/audit.ts'
import type { Actor, ActorContext, Origin, UserActor } from '../context.ts'
import { DomainError } from '../errors.ts'
import { newId } from '../ids.ts'
import { invitationOf } from './invitations.ts'
import { assertInviterStillMay } from './inviters.ts'
import { assertStrong } from '../accounts/password-rules.ts'
import { hashPassword } from '../accounts/passwords.ts'
import { addUser } from '../accounts/users.ts'
import { assertRoomForPerson, lockQuotas } from '../limits/quotas.ts'
import { type SignedIn, openSession } from '../accounts/sign-in.ts'
import { assertStillSignedIn } from '../access/signed-in.ts'
import { takeOver } from '../accounts/takeover.ts'
import { countAttempt, forgiveAttempts } from '../limits/throttle.ts'

type Invitation = NonNullable<Awaited<ReturnType<typeof rows.findInvitation>>>
type InvitedProjects = Awaited<ReturnType<typeof rows.listInvitedProjects>>

const linkGone = () => new DomainError('invitation_not_found', 'The projects of this invitation were deleted. Ask for a new one')

/** Throws unless it can still be accepted. An invitation to projects is void once they are all gone. */
function assertOpen(invitation: Invitation | undefined, projects: InvitedProjects): asserts invitation is Invitation {
  if (!invitation || (!invitation.to_organization && projects.length === 0)) throw linkGone()
  if (invitation.accepted || invitation.revoked)
    throw new DomainError('invitation_gone', 'This invitation was already accepted or revoked. Ask for a new one')
  if (invitation.expired) throw new DomainError('invitation_expired', 'This invitation has expired. Ask for a new one')
}

async function findOpen(db: Database | Trx, token: string) {
  const link = invitationOf(token)
  if (!link)
    throw new DomainError('invitation_not_found', 'This invitation link is not valid. Copy the whole link from the email')
  const invitation = await rows.findInvitation(db, link.id)
  const projects = invitation ? await rows.listInvitedProjects(db, invitation.org_id, link.id) : []
  assertOpen(invitation, projects)
  await assertInviterStillMay(db, invitation, projects)
  return { invitation, projects, mailed: link.mailed }
}

/** The holder of a link, signed in or not. */
type Guest = { db: Database | Trx; origin: Origin; actor?: ActorContext; userAgent?: string | null }

/** What an invitation is for. The sender can open the link too, so this never reveals whether the address has an account. */
export async function openInvitation({ db, actor }: Guest, token: string): Promise<OpenInvitation> {
  const { invitation, projects } = await findOpen(db, token)
  return {
    organization: { slug: invitation.org_slug, name: invitation.org_name },
    email: invitation.email,
    role: invitation.role,
    projects: projects.map(({ slug, name, role }) => ({ slug, name, role })),
    invitedBy: invitation.invited_by_name,
    signedInAs: actor?.actor.kind === 'user' ? actor.actor.email : null,
    expiresAt: invitation.expires_at,
  }
}

/** A token for one organization does nothing in another, so it joins none. */
function assertJoins(actor: Actor | undefined, { org_id }: Invitation): void {
  if (actor?.kind !== 'user' || actor.orgId === null || actor.orgId === org_id) return
  throw new DomainError(
    'forbidden',
    'This token works only in another organization. Accept the invitation in a browser, or with a token that is not limited to one organization',
  )
}

/**
 * The v1 API's way to accept, for a signed-in person. A mailed link proves their address, which takes over an unverified account.
 */
export async function acceptInvitation(context: ActorContext & { actor: UserActor }, token: string): Promise<void> {
  const { actor, origin } = context
  const link = invitationOf(token)
  if (!link) throw new DomainError('invalid_invitation', 'This invitation link is not valid. Copy the whole link from the email')
  await inTransaction(context.db, async (trx) => {
    const { invitation, projects } = await lockOpen(trx, link.id)
    assertJoins(actor, invitation)
    if (invitation.email !== actor.email)
      throw new DomainError('email_mismatch', 'This invitation was sent to another address. Sign in with that address')
    await assertStillSignedIn(trx, actor)
    const isProof = link.mailed && (await takeOver(trx, actor.id, { by: 'mail' }, origin)) !== undefined
    await join(trx, { actor, origin, isProof }, invitation, projects)
  })
}

/** What was joined, and a new session if the old one ended with the take-over of an unverified account. */
type Accepted = AcceptedInvitation & { signedIn?: Omit<SignedIn, 'deviceText'> | undefined }

/**
 * Accepts as the signed-in person with its address, or as a new person with a name and a password. A mailed link proves the
 * address: it also sets the password of an unverified account.
 */
export async function joinByLink(guest: Guest, token: string, account: AcceptInvitation): Promise<Accepted> {
  const known = guest.actor?.actor
  if (account.name === undefined && known?.kind !== 'user')
    throw new DomainError('unauthenticated', 'Sign in with the invited address, or send a name and a password')
  // Checked before the expensive hashing of the password, and again under the lock.
  const { invitation: seen, mailed } = await findOpen(guest.db, token)
  if (known?.kind === 'user') assertTheirs(seen, known)
  // A refusal reveals that the address has an account, so tries are counted.
  const attempt = { address: guest.origin.address }
  if (account.password !== undefined) await countAttempt(guest.db, attempt)
  if (account.password !== undefined) assertStrong(account.password, { email: seen.email, name: account.name! }, 'password')
  const passwordHash = account.password === undefined ? null : await hashPassword(account.password)
  return inTransaction(guest.db, async (trx) => {
    const { invitation, projects } = await lockOpen(trx, seen.id)
    if (passwordHash === null) assertJoins(known, invitation)
    const joining = { trx, origin: guest.origin, mailed, invitation }
    const { signedIn, ...joiner } =
      passwordHash === null
        ? await signedInJoiner(joining, known as UserActor, guest.userAgent ?? null)
        : { ...(await newcomer(joining, account.name!, passwordHash)), signedIn: undefined }
    await join(trx, { ...joiner, origin: guest.origin }, invitation, projects)
    if (account.password !== undefined) await forgiveAttempts(trx, attempt)
    return {
      organization: { slug: invitation.org_slug, name: invitation.org_name },
      projects: projects.map(({ slug, name }) => ({ slug, name })),
      email: invitation.email,
      signedIn,
    }
  })
}

function assertTheirs({ email }: Invitation, actor: UserActor): void {
  if (actor.email !== email)
    throw new DomainError(
      'email_mismatch',
      `This invitation was sent to ${email}, which is not your address. Sign in with that address`,
    )
}

type Joining = { trx: Trx; origin: Origin; mailed: boolean; invitation: Invitation }

/** Someone who accepts a mailed link in a browser stays signed in, in a session that starts with this proof. */
async function signedInJoiner({ trx, origin, mailed }: Joining, actor: UserActor, userAgent: string | null) {
  await assertStillSignedIn(trx, actor)
  const isProof = mailed && (await takeOver(trx, actor.id, { by: 'mail' }, origin)) !== undefined
  const user = isProof && actor.via === 'session' ? await findUser(trx, actor.id) : undefined
  const signedIn = user && (await openSession(trx, user, { address: origin.address, userAgent }))
  return { actor: actor as Joiner, isProof, signedIn }
}

type Joiner = Pick<UserActor, 'kind' | 'id' | 'email'>
type Joined = { actor: Joiner; isProof: boolean }

/** Tries no password: a person with an account signs in first. */
async function newcomer({ trx, origin, mailed, invitation }: Joining, name: string, passwordHash: string): Promise<Joined> {
  const { email } = invitation
  const known = await findUserByEmail(trx, email)
  if (!known) {
    const source = { actor: { kind: 'system' as const, name: 'invitation' }, origin }
    const user = await addUser(trx, source, { email, name, passwordHash, verifiedBy: mailed ? 'mail' : null })
    return { actor: { kind: 'user', id: user.id, email: user.email }, isProof: mailed }
  }
  if (mailed && (await takeOver(trx, known.id, { by: 'mail', name, passwordHash }, origin)))
    return { actor: { kind: 'user', id: known.id, email }, isProof: true }
  throw new DomainError('email_taken', `${email} already has an account. Sign in to accept the invitation`)
}

/** An open invitation, under the locks of all that it leads to, taken in the common order. */
async function lockOpen(trx: Trx, id: string) {
  const seen = await rows.findInvitation(trx, id)
  if (!seen) throw linkGone()
  const orgId = seen.org_id
  await lockOrganization(trx, orgId)
  for (const project of await rows.listInvitedProjects(trx, orgId, id)) await lockProject(trx, orgId, project.project_id)
  await lockQuotas(trx, { id: orgId })
  const invitation = await rows.lockInvitation(trx, orgId, id)
  const projects = await rows.listInvitedProjects(trx, orgId, id)
  assertOpen(invitation, projects)
  await assertInviterStillMay(trx, invitation, projects)
  return { invitation, projects }
}

/** Existing memberships stay as they are. Throws where nothing is left to join and the link proved nothing either. */
async function join(
  trx: Trx,
  { isProof, ...by }: Joined & { origin: Origin },
  { id: invitation, org_id, role: orgRole }: Invitation,
  projects: InvitedProjects,
): Promise<void> {
  const source = { ...by, org: { id: org_id } }
  const person = { kind: 'user', id: by.actor.id, name: by.actor.email }
  await assertRoomForPerson(trx, { id: org_id }, by.actor.id)
  const joined = await insertOrganizationMember(trx, { org_id, user_id: by.actor.id, role: orgRole })
  if (joined) await audit(trx, source, 'organization.member-added', person, { after: { role: orgRole, invitation } })
  let isNews = joined !== undefined
  for (const { project_id, role, env_id, env_name, cell_scopes, verbs, expires_at } of projects) {
    const rights = { role, env_id, cell_scopes, verbs, expires_at }
    const added = await insertMember(trx, { id: newId(), project_id, user_id: by.actor.id, ...rights })
    if (!added) continue
    isNews = true
    const scope = { envName: env_name, cellScopes: cell_scopes, permissions: verbs, expiresAt: expires_at }
    await audit(trx, { ...source, project: { id: project_id } }, 'member.added', person, {
      after: { role, ...scope, invitation },
    })
  }
  if (!isNews && !isProof) throw new DomainError('already_member', 'You already have all the access in this invitation')
  await rows.markAccepted(trx, org_id, invitation)
}
