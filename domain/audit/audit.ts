import type { OrganizationAuditAction, ProjectAuditAction } from '#contract/audit/events'
import type { Trx } from '#db/client'
import { insertAuditEvent } from '#db/queries/audit/events'
import type { Origin, TokenActor, UserActor } from '../context.ts'
import { newId } from '../ids.ts'
import { tellOwners } from '../notices/notices.ts'

/** Every action that is audited. */
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

export type AuditTarget = { kind: string; id: string; name?: string | null }

/** Who, from where, in which organisation and project: what a context gives; `org` and `project` are absent outside one. */
export type AuditSource = {
  actor: TokenActor | Pick<UserActor, 'kind' | 'id' | 'email'> | { kind: 'system'; name: string }
  origin: Origin | null
  org?: { id: string } | undefined
  project?: { id: string } | undefined
}

/** Writes one event inside the transaction of what it tells of, so that neither is there without the other, and answers its id. Never pass a secret in. */
export async function audit(
  trx: Trx,
  { actor, origin, org, project }: AuditSource,
  action: AuditAction,
  target: AuditTarget,
  change: { before?: unknown; after?: unknown } = {},
): Promise<string> {
  const id = newId()
  await insertAuditEvent(trx, {
    id,
    org_id: org?.id ?? null,
    project_id: project?.id ?? null,
    actor_kind: actor.kind,
    actor_id: actor.kind === 'system' ? null : actor.id,
    actor_name: actor.kind === 'user' ? actor.email : actor.name,
    action,
    target_kind: target.kind,
    target_id: target.id,
    target_name: target.name ?? null,
    before: change.before ?? null,
    after: change.after ?? null,
    request_id: origin?.requestId ?? null,
    address: origin?.address ?? null,
    url: origin?.url ?? null,
    response_code: origin?.responseCode ?? null,
  })
  await tellOwners(trx, { id, actor, org, project, action, target, change })
  return id
}
