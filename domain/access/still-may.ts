import type { ProjectAction } from '#contract/access/permissions'
import type { Trx } from '#db/client'
import { findOrganizationMember } from '#db/queries/organizations/organizations'
import { findProject } from '#db/queries/projects/projects'
import { findToken } from '#db/queries/tokens/tokens'
import type { OrgContext, ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { assertCan, assertCanInOrganization, effectiveGrant, membershipOf } from './permissions.ts'
import { projectGone } from '../writing.ts'

const gone = () => new DomainError('unauthenticated', 'This credential was revoked meanwhile')

/**
 * Throws where the caller has lost a permission while the transaction waited for the project's lock, which it now has: nobody leaves behind
 * what was made while they were removed.
 */
export async function assertStillCan(trx: Trx, context: ProjectContext, action: ProjectAction): Promise<void> {
  const { actor, org, project } = context
  if (actor.kind === 'project_token') {
    const token = await findToken(trx, project.id, actor.id)
    if (!token || token.expired) throw gone()
    return
  }
  const member = await findOrganizationMember(trx, org.id, actor.id)
  const row = await findProject(trx, org.id, { id: project.id }, actor.id)
  const grant = row && effectiveGrant(member?.role ?? null, membershipOf(row))
  if (!grant) throw projectGone()
  assertCan({ ...context, grant }, action)
}

/** The same for what only people do, under the organization's lock. */
export async function assertStillCanInOrganization(
  trx: Trx,
  context: OrgContext,
  action: Parameters<typeof assertCanInOrganization>[1],
): Promise<void> {
  const member = await findOrganizationMember(trx, context.org.id, context.actor.id)
  if (!member) throw new DomainError('organization_not_found', 'No such organization')
  assertCanInOrganization({ ...context, org: { ...context.org, role: member.role } }, action)
}
