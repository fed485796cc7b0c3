import type { ProjectQuery, ProjectSummary } from '#contract/projects/projects'
import { listMemberships } from '#db/queries/members/members'
import * as rows from '#db/queries/projects/projects'
import { countEntities } from '#db/queries/projects/stats'
import type { Grant, OrgContext } from '../context.ts'
import { type Page, toPage } from '../paging.ts'
import { assertCanInOrganization, effectiveGrant, isScoped, membershipOf } from '../access/permissions.ts'
import { keyOf, presentProject, visibleTo, toProjectPage } from './projects.ts'

/** The projects that the caller sees, with the counts and the caller's role in each. */
export async function listProjectSummaries(context: OrgContext, query: ProjectQuery): Promise<Page<ProjectSummary>> {
  assertCanInOrganization(context, 'projects:list')
  const { db, org } = context
  const found = await rows.listProjectSummaries(db, org.id, visibleTo(context), toProjectPage(query))
  const grantOn = await grantsOn(
    context,
    found.map((row) => row.id),
  )
  const summaries: ProjectSummary[] = []
  for (const row of found) {
    const grant = grantOn(row.id)
    summaries.push({
      ...presentProject(row),
      role: grant?.role ?? 'viewer',
      members: row.members ?? 0,
      rows: grant && isScoped(grant) ? await countVisible(db, row, grant) : (row.rows ?? 0),
      protected: row.protected,
      lastChangeAt: row.last_change_at ?? row.updated_at,
    })
  }
  return toPage(summaries, query.limit, keyOf(query), (summary) => summary)
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
