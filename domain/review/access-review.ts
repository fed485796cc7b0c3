import type { ReviewEntry, ReviewFilter, ReviewQuery, ReviewReason } from '#contract/review/access-review'
import { projectAuditActions } from '#contract/audit/actions'
import type { VerbGrant } from '#contract/common'
import { personPart } from '#contract/email'
import * as rows from '#db/queries/review/access-review'
import { findProject } from '#db/queries/projects/projects'
import { isFollowed } from '#db/queries/page-bytes'
import type { OrgContext, ProjectContext } from '../context.ts'
import { isId } from '../ids.ts'
import { type Page, isStamp, nameCursor, toPage } from '../paging.ts'
import { assertCan, assertCanInOrganization } from '../access/permissions.ts'

/** Entries an export reads with each statement. */
const CHUNK = 1000

/** What members may do too, and what needs no role; every other change takes an admin. */
const changesData = /^(entity|relationship|agents?|core-instances?)\.|^cell\.member-|^member\.taken-over$/
const administration = projectAuditActions.filter((action) => !changesData.test(action))

const present = (row: rows.ReviewRow): ReviewEntry => ({
  id: row.id,
  kind: row.kind,
  project: row.project_id === null ? null : { id: row.project_id, slug: row.project_slug!, name: row.project_name! },
  userId: row.user_id,
  name: row.name,
  email: row.email,
  role: row.role,
  envName: row.env_name,
  cellScopes: row.cell_scopes,
  permissions: row.verbs as VerbGrant[],
  expiresAt: row.expires_at,
  lastSeenAt: row.seen_at,
  createdAt: row.created_at,
  createdBy: row.created_by,
  allowedAddresses: row.allowed_addresses,
  reasons: row.reasons as ReviewReason[],
})

async function toFilter({ db, org }: OrgContext, { sort, project, ...filter }: ReviewFilter): Promise<rows.ReviewFilter> {
  const found =
    project === undefined ? undefined : await findProject(db, org.id, isId(project) ? { id: project } : { slug: project }, null)
  return {
    ...filter,
    q: filter.q?.trim() ? personPart(filter.q.trim()) : undefined,
    kind: filter.kind,
    userId: filter.userId,
    role: filter.role,
    reason: filter.reason,
    project: project === undefined ? null : { id: found?.id ?? null },
    administration,
    by: sort.replace('-', '') as 'name' | 'expires' | 'seen',
    descending: sort.startsWith('-'),
  }
}

/** Everyone and everything with access to the organization or its projects, and why to review it. */
export async function reviewOrganization(context: OrgContext, query: ReviewQuery): Promise<Page<ReviewEntry>> {
  assertCanInOrganization(context, 'people:manage')
  return review(context, query)
}

/** The same for one project. */
export async function reviewProject(context: ProjectContext, query: Omit<ReviewQuery, 'project'>): Promise<Page<ReviewEntry>> {
  assertCan(context, 'members:manage')
  return review(context, { ...query, project: context.project.id })
}

/** All entries that a list with this filter shows, page by page. */
export async function exportOrganizationReview(context: OrgContext, filter: ReviewFilter): Promise<AsyncGenerator<ReviewEntry>> {
  assertCanInOrganization(context, 'people:manage')
  return entries(context, filter)
}

/** The same for one project. */
export async function exportProjectReview(
  context: ProjectContext,
  filter: Omit<ReviewFilter, 'project'>,
): Promise<AsyncGenerator<ReviewEntry>> {
  assertCan(context, 'members:manage')
  return entries(context, { ...filter, project: context.project.id })
}

async function review(context: OrgContext, { limit, cursor, ...filter }: ReviewQuery): Promise<Page<ReviewEntry>> {
  const { db, org } = context
  const wanted = await toFilter(context, filter)
  const after = nameCursor(cursor, wanted.by === 'name' ? undefined : isStamp)
  const found = await rows.listAccessReview(db, org.id, { ...wanted, after, limit })
  return toPage(found, limit, (row) => [row.sort_key, row.id], present)
}

async function* entries(context: OrgContext, filter: ReviewFilter): AsyncGenerator<ReviewEntry> {
  const { db, org } = context
  const wanted = await toFilter(context, filter)
  let after: { name: string; id: string } | undefined
  do {
    const page = await rows.listAccessReview(db, org.id, { ...wanted, after, limit: CHUNK })
    const shown = page.slice(0, CHUNK)
    for (const row of shown) yield present(row)
    const last = shown.at(-1)
    after = last && (page.length > CHUNK || isFollowed(last)) ? { name: last.sort_key, id: last.id } : undefined
  } while (after !== undefined)
}
