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
import { type Operation, idsOf } from './operation.ts'
import { oidcOperations } from './accounts/oidc.ts'
import { opsOperations } from './ops.ts'
import { organizationFileOperations } from './organizations/file.ts'
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

/** The resources with their operations, in the order of the documentation. Both names make the `operationId`: `projects.list`. */
const resources = {
  organizations: organizationOperations,
  organizationFile: organizationFileOperations,
  usage: usageOperations,
  invitations: invitationOperations,
  projects: projectOperations,
  projectSummaries: summaryOperations,
  members: memberOperations,
  memberChanges: memberChangeOperations,
  accessReview: reviewOperations,
  projectAccessReview: projectReviewOperations,
  peopleReview: peopleReviewOperations,
  nuke: nukeOperations,
  access: accessOperations,
  viewAs: viewAsOperations,
  stats: statsOperations,
  tokens: tokenOperations,
  orgTokens: orgTokenOperations,
  personalTokens: personalTokenOperations,
  environments: environmentOperations,
  entityTypes: entityTypeOperations,
  cells: cellOperations,
  cellUsage: cellUsageOperations,
  placement: placementOperations,
  entities: entityOperations,
  relationshipTypes: relationshipTypeOperations,
  relationships: relationshipOperations,
  secrets: secretOperations,
  catalog: applyOperations,
  catalogRevisions: catalogRevisionOperations,
  transfer: transferOperations,
  audit: auditOperations,
  organizationAudit: organizationAuditOperations,
  webhooks: webhookOperations,
  repoLinks: repoLinkOperations,
  me: meOperations,
  notices: noticeOperations,
  sessions: sessionOperations,
  identities: oidcOperations,
  passwordResets: passwordResetOperations,
  factors: factorOperations,
  server: opsOperations,
} as const

/** Every operation of the Org API. */
export const operations = Object.values(resources).flatMap((resource) => Object.values(resource) as unknown as Operation[])

/** The `operationId` of each. */
export const operationIds = idsOf(resources)

type ValuesOf<Resource> = Resource extends unknown ? Resource[keyof Resource] : never

/** The same by method and path, for types alone: who knows only a name needs none of the shapes at run time. */
export type NamedOperations = {
  [One in ValuesOf<(typeof resources)[keyof typeof resources]> as `${One['method']} ${One['path']}`]: One
}
