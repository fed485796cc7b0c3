import type { OrganizationAuditAction, ProjectAuditAction } from '#contract/audit/actions'
import type { Origin, TokenActor, UserActor } from './context.ts'

/** Every audited action. */
export type AuditAction =
  | ProjectAuditAction
  | OrganizationAuditAction
  | 'user.created'
  | 'account.taken-over'
  | 'session.reauthenticated'
  | 'password.changed'
  | 'password.reset'
  | 'session.revoked'
  | 'session.others-revoked'
  | 'identity.linked'
  | 'identity.unlinked'
  | 'second-factor.enabled'
  | 'second-factor.disabled'
  | 'second-factor.reset'
  | 'recovery-codes.renewed'
  | 'passkey.added'
  | 'passkey.renamed'
  | 'passkey.removed'
  | 'database.restored'
  | 'database.resumed'

export type AuditTarget = { kind: string; id: string; name?: string | null }

/**
 * Who acts, from where, and in which organization and project, as a context gives it. `org` and `project` are absent outside one.
 */
export type AuditSource = {
  actor: TokenActor | Pick<UserActor, 'kind' | 'id' | 'email'> | { kind: 'system'; name: string }
  origin: Origin | null
  org?: { id: string } | undefined
  project?: { id: string } | undefined
}

/** How an actor is named to people: a person by their email address. */
export const actorName = (actor: AuditSource['actor']): string => (actor.kind === 'user' ? actor.email : actor.name)
