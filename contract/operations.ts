import { accessOperations } from './review/access.ts'
import { projectReviewOperations, reviewOperations } from './review/access-review.ts'
import { applyOperations } from './apply/apply.ts'
import { auditOperations, organizationAuditOperations } from './audit/events.ts'
import { catalogRevisionOperations } from './apply/catalog-revisions.ts'
import { cellUsageOperations } from './data/cell-usage.ts'
import { cellOperations } from './catalog/cells.ts'
import { entityOperations } from './data/entities.ts'
import { entityTypeOperations } from './catalog/entity-types.ts'
import { environmentOperations } from './projects/environments.ts'
import { factorOperations } from './accounts/factors.ts'
import { invitationOperations } from './organizations/invitations.ts'
import { meOperations } from './accounts/me.ts'
import { memberChangeOperations } from './members/changes.ts'
import { memberOperations } from './members/members.ts'
import { noticeOperations } from './notices/notices.ts'
import { nukeOperations } from './nuke/nuke.ts'
import type { Operation } from './operation.ts'
import { oidcOperations } from './accounts/oidc.ts'
import { opsOperations } from './ops.ts'
import { organizationOperations } from './organizations/organizations.ts'
import { passwordResetOperations } from './accounts/password-resets.ts'
import { peopleReviewOperations } from './review/people-review.ts'
import { placementOperations } from './data/placement.ts'
import { projectOperations } from './projects/projects.ts'
import { relationshipTypeOperations } from './catalog/relationship-types.ts'
import { relationshipOperations } from './data/relationships.ts'
import { repoLinkOperations } from './projects/repo-links.ts'
import { secretOperations } from './catalog/secrets.ts'
import { sessionOperations } from './accounts/sessions.ts'
import { summaryOperations } from './projects/summaries.ts'
import { statsOperations } from './projects/stats.ts'
import { transferOperations } from './transfer/transfer.ts'
import { orgTokenOperations, personalTokenOperations, tokenOperations } from './tokens/tokens.ts'
import { usageOperations } from './limits/usage.ts'
import { webhookOperations } from './webhooks/webhooks.ts'
import { viewAsOperations } from './accounts/view-as.ts'

const resources = [
  organizationOperations,
  usageOperations,
  invitationOperations,
  projectOperations,
  summaryOperations,
  memberOperations,
  memberChangeOperations,
  reviewOperations,
  projectReviewOperations,
  peopleReviewOperations,
  nukeOperations,
  accessOperations,
  viewAsOperations,
  statsOperations,
  tokenOperations,
  orgTokenOperations,
  personalTokenOperations,
  environmentOperations,
  entityTypeOperations,
  cellOperations,
  cellUsageOperations,
  placementOperations,
  entityOperations,
  relationshipTypeOperations,
  relationshipOperations,
  secretOperations,
  applyOperations,
  catalogRevisionOperations,
  transferOperations,
  auditOperations,
  organizationAuditOperations,
  webhookOperations,
  repoLinkOperations,
  meOperations,
  noticeOperations,
  sessionOperations,
  oidcOperations,
  passwordResetOperations,
  factorOperations,
  opsOperations,
] as const

/** Every operation of the Org API, in the order of its documentation. */
export const operations = resources.flatMap((resource) => Object.values(resource) as unknown as Operation[])

type ValuesOf<Resource> = Resource extends unknown ? Resource[keyof Resource] : never

/** The same by method and path, for types alone: who knows only a name needs none of the shapes at run time. */
export type NamedOperations = {
  [One in ValuesOf<(typeof resources)[number]> as `${One['method']} ${One['path']}`]: One
}
