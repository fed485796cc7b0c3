import type { ProjectSummary, SummaryFilter, SummaryQuery } from '#contract/projects/summaries'
import { listMemberships } from '#db/queries/members/members'
import { countEntities } from '#db/queries/projects/stats'
import * as rows from '#db/queries/projects/summaries'
import type { Grant, OrgContext } from '../context.ts'
import { type Page, idCursor, isStamp, nameCursor, toPage } from '../paging.ts'
import { assertCanInOrganization, effectiveGrant, isScoped, membershipOf } from '../access/permissions.ts'
import { presentProject, visibleTo } from './projects.ts'

/** The projects that the caller sees, with the counts and the caller's role in each. */
export async function listProjectSummaries(context: OrgContext, query: SummaryQuery): Promise<Page<ProjectSummary>> {
  assertCanInOrganization(context, 'projects:list')
  const { db, org } = context
  const { sort, cursor, limit } = query
  const by = sort.replace('-', '') as rows.SummaryPage['by']
  const id = by === 'createdAt' ? idCursor(cursor) : undefined
  const after = by === 'createdAt' ? (id === undefined ? undefined : { name: '', id }) : nameCursor(cursor, isKeyOf(by))
  const page = { ...toFilter(query), by, descending: sort.startsWith('-'), after, limit }
  const found = await rows.listProjectSummaries(db, org.id, readerOf(context), page)
  const grantOn = await grantsOn(
    context,
    found.map((row) => row.id),
  )
  const summaries: { summary: ProjectSummary; key: string }[] = []
  for (const row of found) {
    const grant = grantOn(row.id)
    const summary = {
      ...presentProject(row),
      role: grant?.role ?? 'viewer',
      members: row.members,
      rows: grant && isScoped(grant) ? await countVisible(db, row, grant) : row.rows,
      protected: row.protected,
      favorite: row.favorite,
      lastChangeAt: row.last_change_at,
    }
    summaries.push({ summary, key: row.sort_key })
  }
  return toPage(
    summaries,
    limit,
    ({ summary, key }) => (by === 'createdAt' ? [summary.id] : [key, summary.id]),
    ({ summary }) => summary,
  )
}

/** How many projects such a list has. */
export async function countProjects(context: OrgContext, filter: SummaryFilter): Promise<{ projects: number }> {
  assertCanInOrganization(context, 'projects:list')
  return { projects: await rows.countProjects(context.db, context.org.id, readerOf(context), toFilter(filter)) }
}

const yes = (answer: 'yes' | 'no' | undefined) => answer && answer === 'yes'

const toFilter = ({ q, role, protected: isProtected, activity, favorite }: SummaryFilter): rows.SummaryFilter => ({
  q,
  role,
  isProtected: yes(isProtected),
  changed: activity && { days: activity === 'idle' ? 90 : Number(activity), within: activity !== 'idle' },
  isFavorite: yes(favorite),
})

const NUMBER = /^-?\d{1,18}$|^9223372036854775807$/

/** Whether a text is a key of this order. */
const isKeyOf = (by: rows.SummaryPage['by']) => (text: string) =>
  by === 'name' || by === 'slug' || (by === 'lastChangeAt' ? isStamp(text) : NUMBER.test(text))

function readerOf(context: OrgContext): rows.Reader {
  const { actor, org } = context
  const whose = visibleTo(context)
  if (actor.kind === 'project_token') return { whose, userId: null, role: actor.grant.role }
  return { whose, userId: actor.id, role: actor.viewing ? actor.viewing.grant.role : org.role }
}

/** The caller's grant on each of these projects. */
async function grantsOn({ actor, org, db }: OrgContext, projectIds: string[]): Promise<(projectId: string) => Grant | undefined> {
  if (actor.kind === 'project_token') return () => actor.grant
  if (actor.viewing) return () => actor.viewing?.grant
  const memberships = await listMemberships(db, actor.id, projectIds)
  const own = new Map(memberships.map((row) => [row.project_id, membershipOf(row)]))
  return (projectId) => effectiveGrant(org.role, own.get(projectId))
}

/** The tables' exact counts cover the whole project; a scoped caller's counts cover the entities that they see. */
const countVisible = (db: OrgContext['db'], { id, generation }: { id: string; generation: number }, grant: Grant) =>
  countEntities(db, { projectId: id, generation }, { envId: grant.envId, scope: grant.cellScopes })
