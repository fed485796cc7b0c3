import type { Trx } from '#db/client'
import { deleteIdentitiesOf } from '#db/queries/accounts/identities'
import { revokeInvitationsBy } from '#db/queries/organizations/invitations'
import { type Dropped, addJob } from '#db/queries/jobs'
import { insertNotices, insertNoticesFor } from '#db/queries/notices/notices'
import { revokePersonalTokensOf } from '#db/queries/organizations/members'
import { deleteSessionsOf } from '#db/queries/accounts/sessions'
import * as rows from '#db/queries/accounts/takeovers'
import { type PersonRow, lockPerson, markVerified } from '#db/queries/accounts/users'
import { audit } from '../audit/audit.ts'
import type { Origin } from '../context.ts'
import { dropFactors } from './factor-methods.ts'
import { hostOf } from '../webhooks/webhooks.ts'
import type { AuditSource } from '../events.ts'

/** How a person proved that an address is theirs. */
export type Proof = {
  by: 'provider' | 'mail'
  /** Their name, if the proof gives one: the stored name may be someone else's. */
  name?: string | undefined
  /** Their new password. */
  passwordHash?: string | undefined
  /** The identity that they signed in with. */
  identityId?: string | undefined
}

/**
 * The first proof of an account's address takes the account over, because whoever used it before may be someone else. What opened
 * the account is removed, what it made is reported, and its memberships stay.
 * Returns what was removed; undefined where the address was proven already. Of two first proofs at once, one waits here.
 */
export async function takeOver(trx: Trx, userId: string, proof: Proof, origin: Origin): Promise<Dropped | undefined> {
  const person = await lockPerson(trx, userId)
  if (!person || person.email_verified_at !== null) return undefined
  const orgIds = await rows.listOrganizationsOf(trx, userId)
  const dropped = await drop(trx, person, orgIds, proof)
  const { passwordHash = null, name = person.name } = proof
  const at = await markVerified(trx, userId, { name, password_hash: passwordHash, email_verified_by: proof.by })
  const taken = {
    person,
    by: proof.by,
    source: { actor: { kind: 'user' as const, id: userId, email: person.email }, origin },
    dropped,
  }
  await audit(trx, taken.source, 'account.taken-over', targetOf(person), { before: dropped, after: { by: proof.by } })
  for (const orgId of orgIds) await report(trx, taken, orgId)
  await addJob(
    trx,
    'mail-account-taken-over',
    { email: person.email, at, dropped, hasPassword: passwordHash !== null },
    person.email,
  )
  return dropped
}

const targetOf = ({ id, email }: PersonRow) => ({ kind: 'user', id, name: email })

/** Removes everything that opens the account, in the order in which others lock it. */
async function drop(trx: Trx, person: PersonRow, orgIds: string[], { identityId }: Proof): Promise<Dropped> {
  const sessions = (await deleteSessionsOf(trx, person.id)).length
  const { totp, passkeys } = await dropFactors(trx, person.id)
  const identities = await deleteIdentitiesOf(trx, person.id, identityId ?? null)
  for (const orgId of orgIds) await rows.forgetHome(trx, orgId, person.id)
  let personalTokens = 0
  for (const orgId of [null, ...orgIds]) personalTokens += (await revokePersonalTokensOf(trx, orgId, person.id)).length
  return { password: person.password_hash !== null, factors: passkeys + (totp ? 1 : 0), identities, sessions, personalTokens }
}

type Taken = { person: PersonRow; by: Proof['by']; source: AuditSource; dropped: Dropped }

/** Revokes the account's open invitations in an organization, and reports what it made there that still works. */
async function report(trx: Trx, { person, by, source, dropped }: Taken, orgId: string): Promise<void> {
  const org = { id: orgId }
  const target = targetOf(person)
  // Whoever held the account knows the links of these invitations.
  const invitations = await revokeInvitationsBy(trx, orgId, person.id)
  for (const { id, email } of invitations)
    await audit(trx, { ...source, org }, 'invitation.revoked', { kind: 'invitation', id, name: email })
  const tokens = await rows.listTokensMadeBy(trx, orgId, person.id)
  const webhooks = await rows.listWebhooksMadeBy(trx, orgId, person.id)
  const change = { before: dropped, after: { by, webhooks: webhooks.map(presentWebhook) } }
  const id = await audit(trx, { ...source, org }, 'organization.member-taken-over', target, change)
  const inviters = await rows.listInvitersOf(trx, orgId, person.email)
  await notify(trx, { id, orgId, person, inviters, owners: webhooks.length > 0 })
  for (const projectId of projectsOf(tokens, webhooks)) {
    const after = {
      tokens: tokens.filter(({ project_id }) => project_id === projectId).map(({ id: tokenId, name }) => ({ id: tokenId, name })),
      webhooks: webhooks.filter(({ project_ids }) => project_ids?.includes(projectId)).map(presentWebhook),
    }
    await audit(trx, { ...source, org, project: { id: projectId } }, 'member.taken-over', target, { after })
  }
}

const presentWebhook = ({ id, url }: rows.MadeWebhook) => ({ id, host: hostOf(url) })

/** The projects in which something is left: the event of each notifies its owners. */
const projectsOf = (tokens: rows.MadeToken[], webhooks: rows.MadeWebhook[]) =>
  new Set([...tokens.map(({ project_id }) => project_id), ...webhooks.flatMap(({ project_ids }) => project_ids ?? [])])

type Notification = { id: string; orgId: string; person: PersonRow; inviters: string[]; owners: boolean }

/** Notifies the person (with a mail of its own), whoever invited them, and the owners where a webhook is left. */
async function notify(trx: Trx, { id, orgId, person, inviters, owners }: Notification): Promise<void> {
  const notice = { id, org_id: orgId, project_id: null, kind: 'account-taken-over' } as const
  const notified = new Set([person.id, ...inviters])
  await insertNoticesFor(trx, notice, [...notified])
  if (owners) for (const userId of await insertNotices(trx, notice, { byUserId: null, alsoUserId: null })) notified.add(userId)
  for (const userId of notified) if (userId !== person.id) await addJob(trx, 'mail-notice', { userId, noticeId: id }, orgId)
}
