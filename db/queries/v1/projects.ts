import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import { before } from './paging.ts'

export type ProjectsOfUser = {
  /** Set for a token of one organization: only its projects. */
  orgId: string | null
  name: string | undefined
  before: { createdAt: string; key: string } | undefined
  limit: number
}

/** The live projects, in all organizations, that a user is a member of and may read; newest first. */
export function listProjectsOfUser(db: Database | Trx, userId: string, { orgId, name, before: cursor, limit }: ProjectsOfUser) {
  return db
    .selectFrom('project_members as m')
    .modifyFront(plannedWithValues)
    .innerJoin('projects as p', 'p.id', 'm.project_id')
    .innerJoin('organization_members as om', (join) =>
      join.onRef('om.org_id', '=', 'p.org_id').onRef('om.user_id', '=', 'm.user_id'),
    )
    .select(['p.id', 'p.name', 'p.generation', 'p.created_at', 'om.role as org_role'])
    .select(['m.role', 'm.env_id', 'm.cell_scopes', 'm.verbs', 'm.expires_at'])
    .where('m.user_id', '=', userId)
    .where('p.deleted_at', 'is', null)
    .where((eb) => eb.or([eb('m.expires_at', 'is', null), eb('m.expires_at', '>', sql<string>`now()`)]))
    .where(sql<boolean>`(om.role in ('owner', 'admin') or m.verbs = '{}' or 'read:*' = any(m.verbs))`)
    .$if(orgId !== null, (q) => q.where('p.org_id', '=', orgId!))
    .$if(name !== undefined, (q) => q.where('p.name', '=', name!))
    .$if(cursor !== undefined, (q) => q.where(before('p', cursor!)))
    .orderBy('p.created_at', 'desc')
    .orderBy('p.id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** A null `envId` means every environment; `hidden` means that the caller is limited to cells, which contain no agents. */
export type Seen = { projectId: string; generation: number; envId: string | null; hidden: boolean }

/** The members of each project, and the agents and core instances that the caller may see in it. */
export async function countInProjects(db: Database | Trx, seen: Seen[]) {
  const limited = seen.filter(({ envId, hidden }) => envId !== null && !hidden)
  // The rows of an environment are not kept as a count. Joined by values, since a sub-select of each project's rows can't be sent
  // to where they are.
  const inEnvironment = (table: 'agents' | 'core_instances') => sql`(
    select r.project_id, count(*) as n from ${sql.table(table)} r
    join unnest(${limited.map((one) => one.projectId)}::uuid[], ${limited.map((one) => one.generation)}::int[],
      ${limited.map((one) => one.envId)}::uuid[]) as w (project_id, generation, env_id)
      on r.project_id = w.project_id and r.generation = w.generation and r.env_id = w.env_id
    group by r.project_id)`
  const { rows } = await sql<{ project_id: string; members: number; agents: number; core_instances: number }>`
    select k.project_id,
      (select count(*) from project_members m where m.project_id = k.project_id) as members,
      case
        when k.hidden then 0
        when k.env_id is null then (select coalesce(sum(r.n), 0)::int8 from row_counts r
          where r.project_id = k.project_id and r.generation = k.generation and r.table_name = 'agents')
        else coalesce(a.n, 0)
      end as agents,
      case
        when k.hidden then 0
        when k.env_id is null then (select coalesce(sum(r.n), 0)::int8 from row_counts r
          where r.project_id = k.project_id and r.generation = k.generation and r.table_name = 'core_instances')
        else coalesce(c.n, 0)
      end as core_instances
    from unnest(${seen.map((one) => one.projectId)}::uuid[], ${seen.map((one) => one.generation)}::int[],
      ${seen.map((one) => one.envId)}::uuid[], ${seen.map((one) => one.hidden)}::bool[]) as k (project_id, generation, env_id, hidden)
    left join ${inEnvironment('agents')} a on a.project_id = k.project_id
    left join ${inEnvironment('core_instances')} c on c.project_id = k.project_id`.execute(db)
  return new Map(rows.map((row) => [row.project_id, row]))
}
