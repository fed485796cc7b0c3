import type { AcceptInvitation, AcceptedInvitation, OpenInvitation } from '#contract/invitations'
import { type Database, type Trx, inTransaction } from '#db/client'
import * as rows from '#db/queries/invitations'
import { insertMember } from '#db/queries/members'
import { insertOrganizationMember, lockOrganization } from '#db/queries/organizations'
import { lockProject } from '#db/queries/projects'
import { findUserByEmail } from '#db/queries/users'
import { audit } from './audit.ts'
import type { Actor, ActorContext, Origin, UserActor } from './context.ts'
import { DomainError } from './errors.ts'
import { newId } from './ids.ts'
import { assertInviterStillMay } from './inviters.ts'
import { assertStrong } from './password-rules.ts'
import { hashPassword } from './passwords.ts'
import { addUser } from './people.ts'
import { assertRoomForPerson, keepQuotas } from './quotas.ts'
import { signedPayload } from './signed-text.ts'
import { countAttempt, forgiveAttempts } from './throttle.ts'

type Joiner = Pick<UserActor, 'kind' | 'id' | 'email'>
type Invitation = NonNullable<Awaited<ReturnType<typeof rows.findInvitation>>>
type InvitedProjects = Awaited<ReturnType<typeof rows.listInvitedProjects>>

const idOf = (token: string) => signedPayload('invitation', token)?.['InvitationID']

const linkGone = () => new DomainError('invitation_not_found', 'What this invitation led to is gone')

/** Throws unless it can still be accepted. One to projects is of no use once they are gone. */
function assertOpen(invitation: Invitation | undefined, projects: InvitedProjects): asserts invitation is Invitation {
  if (!invitation || (!invitation.to_organization && projects.length === 0)) throw linkGone()
  if (invitation.accepted || invitation.revoked) throw new DomainError('invitation_gone', 'This invitation was used or withdrawn')
  if (invitation.expired) throw new DomainError('invitation_expired', 'This invitation has expired; ask for a new one')
}

async function findOpen(db: Database | Trx, token: string) {
  const id = idOf(token)
  if (id === undefined) throw new DomainError('invitation_not_found', 'This invitation is not one of ours; it may be mistyped')
  const invitation = await rows.findInvitation(db, id)
  const projects = invitation ? await rows.listInvitedProjects(db, invitation.org_id, id) : []
  assertOpen(invitation, projects)
  await assertInviterStillMay(db, invitation, projects)
  return { invitation, projects }
}

/** Whoever holds the link, known or not. */
type Guest = { db: Database | Trx; origin: Origin; actor?: ActorContext }

/** What an invitation is for, to whoever holds its link: its sender too, so not whether the address has an account. */
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

/** A token for one organization does nothing in another, and so takes its person into none. */
function assertJoins(actor: Actor | undefined, { org_id }: Invitation): void {
  if (actor?.kind !== 'user' || actor.orgId === null || actor.orgId === org_id) return
  throw new DomainError(
    'forbidden',
    'This token works in another organization only. Accept the invitation in a browser, or with a token that is not bound to one',
  )
}

/** The v1 API's way: by somebody who is signed in. */
export async function acceptInvitation(context: ActorContext & { actor: UserActor }, token: string): Promise<void> {
  const { actor, origin } = context
  const id = idOf(token)
  if (id === undefined) throw new DomainError('invalid_invitation', 'This invitation is not one of ours; it may be mistyped')
  await inTransaction(context.db, async (trx) => {
    const { invitation, projects } = await lockOpen(trx, id)
    assertJoins(actor, invitation)
    if (invitation.email !== actor.email) throw new DomainError('email_mismatch', 'This invitation was sent to another address')
    await join(trx, { actor, origin }, invitation, projects)
  })
}

/** By whoever is signed in with its address; by somebody new, whose address the link proves, with a name and a password. */
export async function joinByLink(guest: Guest, token: string, account: AcceptInvitation): Promise<AcceptedInvitation> {
  const known = guest.actor?.actor
  if (account.name === undefined && known?.kind !== 'user')
    throw new DomainError('unauthenticated', 'Sign in with the address that was invited, or send a name and a password')
  // Asked before the password is hashed, which is dear, and again under the lock.
  const { invitation: seen } = await findOpen(guest.db, token)
  // A refusal tells that the address has an account, so they are counted.
  const attempt = { address: guest.origin.address }
  if (account.password !== undefined) await countAttempt(guest.db, attempt)
  if (account.password !== undefined) assertStrong(account.password, { email: seen.email, name: account.name! }, 'password')
  const passwordHash = account.password === undefined ? null : await hashPassword(account.password)
  return inTransaction(guest.db, async (trx) => {
    const { invitation, projects } = await lockOpen(trx, seen.id)
    if (passwordHash === null) assertJoins(known, invitation)
    const joiner =
      passwordHash === null ? known : await newcomer(trx, guest.origin, invitation.email, account.name!, passwordHash)
    if (joiner?.kind !== 'user' || joiner.email !== invitation.email)
      throw new DomainError('email_mismatch', `This invitation was sent to ${invitation.email}, which is not your address`)
    await join(trx, { actor: joiner, origin: guest.origin }, invitation, projects)
    if (account.password !== undefined) await forgiveAttempts(trx, attempt)
    return {
      organization: { slug: invitation.org_slug, name: invitation.org_name },
      projects: projects.map(({ slug, name }) => ({ slug, name })),
      email: invitation.email,
    }
  })
}

/** Nobody's password is tried here: who has an account signs in first. */
async function newcomer(trx: Trx, origin: Origin, email: string, name: string, passwordHash: string): Promise<Joiner> {
  if (await findUserByEmail(trx, email))
    throw new DomainError('email_taken', `${email} already has an account; sign in with it to accept`)
  const source = { actor: { kind: 'system' as const, name: 'invitation' }, origin }
  const user = await addUser(trx, source, { email, name, passwordHash })
  return { kind: 'user', id: user.id, email: user.email }
}

/** An open invitation under the locks of all that it leads to, in the order in which everybody takes them. */
async function lockOpen(trx: Trx, id: string) {
  const seen = await rows.findInvitation(trx, id)
  if (!seen) throw linkGone()
  const orgId = seen.org_id
  await lockOrganization(trx, orgId)
  for (const project of await rows.listInvitedProjects(trx, orgId, id)) await lockProject(trx, orgId, project.project_id)
  await keepQuotas(trx, { id: orgId })
  const invitation = await rows.lockInvitation(trx, orgId, id)
  const projects = await rows.listInvitedProjects(trx, orgId, id)
  assertOpen(invitation, projects)
  await assertInviterStillMay(trx, invitation, projects)
  return { invitation, projects }
}

/** What he already is stays as it is; refused where nothing is left to become. */
async function join(
  trx: Trx,
  by: { actor: Joiner; origin: Origin },
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
  if (!isNews) throw new DomainError('already_member', 'You already are a member of all that this invitation leads to')
  await rows.markAccepted(trx, org_id, invitation)
}
