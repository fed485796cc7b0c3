import { accessOperations } from './access.ts'
import { projectReviewOperations, reviewOperations } from './access-review.ts'
import { applyOperations } from './apply.ts'
import { auditOperations } from './audit-events.ts'
import { catalogRevisionOperations } from './catalog-revisions.ts'
import { cellUsageOperations } from './cell-usage.ts'
import { cellOperations } from './cells.ts'
import { entityOperations } from './entities.ts'
import { entityTypeOperations } from './entity-types.ts'
import { environmentOperations } from './environments.ts'
import { factorOperations } from './factors.ts'
import { invitationOperations } from './invitations.ts'
import { meOperations } from './me.ts'
import { memberChangeOperations } from './member-changes.ts'
import { memberOperations } from './members.ts'
import { noticeOperations } from './notices.ts'
import { nukeOperations } from './nuke.ts'
import type { Operation } from './operation.ts'
import { oidcOperations } from './oidc.ts'
import { opsOperations } from './ops.ts'
import { organizationOperations } from './organizations.ts'
import { passwordResetOperations } from './password-resets.ts'
import { placementOperations } from './placement.ts'
import { projectOperations } from './projects.ts'
import { relationshipTypeOperations } from './relationship-types.ts'
import { relationshipOperations } from './relationships.ts'
import { repoLinkOperations } from './repo-links.ts'
import { secretOperations } from './secrets.ts'
import { sessionOperations } from './sessions.ts'
import { statsOperations } from './stats.ts'
import { transferOperations } from './transfer.ts'
import { orgTokenOperations, personalTokenOperations, tokenOperations } from './tokens.ts'
import { usageOperations } from './usage.ts'
import { webhookOperations } from './webhooks.ts'
import { viewAsOperations } from './view-as.ts'

/** Every operation of the Org API, in the order of its documentation. */
export const operations: Operation[] = [
  organizationOperations,
  usageOperations,
  invitationOperations,
  projectOperations,
  memberOperations,
  memberChangeOperations,
  reviewOperations,
  projectReviewOperations,
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
  webhookOperations,
  repoLinkOperations,
  meOperations,
  noticeOperations,
  sessionOperations,
  oidcOperations,
  passwordResetOperations,
  factorOperations,
  opsOperations,
].flatMap((resource) => Object.values(resource) as unknown as Operation[])
