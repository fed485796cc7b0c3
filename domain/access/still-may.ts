import type { ProjectAction } from '#contract/access/permissions'
import type { Trx } from '#db/client'
import { findOrganizationMember } from '#db/queries/organizations/organizations'
import { findProject } from '#db/queries/projects/projects'
import type { OrgContext, ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { assertCan, assertCanInOrganization, effectiveGrant, membershipOf } from './permissions.ts'
import { projectGone } from '../writing.ts'
import { assertStillProven } from './signed-in.ts'

/**
 * Throws if the caller lost the permission while the transaction waited for the project's lock. Otherwise a member who is being
 * removed could still leave things behind.
 */
export async function assertStillCan(trx: Trx, context: ProjectContext, action: ProjectAction): Promise<void> {
  const { actor, org, project } = context
  if (actor.kind === 'project_token') return assertStillProven(trx, actor)
  const member = await findOrganizationMember(trx, org.id, actor.id)
  const row = await findProject(trx, org.id, { id: project.id }, actor.id)
  const grant = row && effectiveGrant(member?.role ?? null, membershipOf(row))
  if (!grant) throw projectGone()
  assertCan({ ...context, grant }, action)
}

/** The same under the organization's lock, for what only people do. */
export async function assertStillCanInOrganization(
  trx: Trx,
  context: OrgContext,
  action: Parameters<typeof assertCanInOrganization>[1],
): Promise<void> {
  const member = await findOrganizationMember(trx, context.org.id, context.actor.id)
  if (!member) throw new DomainError('organization_not_found', 'No such organization')
  assertCanInOrganization({ ...context, org: { ...context.org, role: member.role } }, action)
}
