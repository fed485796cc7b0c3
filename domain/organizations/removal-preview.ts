import { type RemovalPreview, mostOwnerless } from '#contract/organizations/organizations'
import * as rows from '#db/queries/organizations/members'
import { assertCanInOrganization } from '../access/permissions.ts'
import type { OrgContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { countMade } from '../members/made-by.ts'

/** What removing a person would end, and what would refuse it. The removal decides again, under its locks. */
export async function previewRemoval(context: OrgContext, userId: string): Promise<RemovalPreview> {
  assertCanInOrganization(context, userId === context.actor.id ? 'organization:read' : 'people:manage')
  const { db, org } = context
  const person = await rows.findPerson(db, org.id, userId)
  if (!person) throw new DomainError('member_not_found', 'No such person in this organization')
  const projects = await rows.listProjectIdsOfMember(db, org.id, userId)
  const revoked = await rows.countRevoked(db, org.id, userId)
  const ownerless = await rows.listProjectsOnlyOwnedBy(db, org.id, userId)
  return {
    userId,
    projects: projects.length,
    personalTokens: revoked.personal_tokens,
    invitations: revoked.invitations,
    ...(await countMade(context, userId)),
    lastOwner: {
      organization: person.role === 'owner' && !(await rows.hasOtherOwner(db, org.id, userId)),
      projects: ownerless.slice(0, mostOwnerless),
      moreProjects: Math.max(ownerless.length - mostOwnerless, 0),
    },
  }
}
