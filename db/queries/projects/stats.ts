import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import { selfAndDescendants } from '../catalog/cells.ts'
import type { Scope } from '../data/entities.ts'
import type { Generation } from '../project-rows.ts'

/** What is counted: everything, or what an environment and cells include. */
export type Visible = { envId: string | null; scope: Scope }

const visible = ({ projectId, generation }: Generation, { envId, scope }: Visible) =>
  scope === null
    ? sql`select e.env_id, e.id as entity_id from entities e where e.project_id = ${projectId} and e.generation = ${generation}
        and (${envId}::uuid is null or e.env_id = ${envId}::uuid)`
    : sql`select distinct m.env_id, m.entity_id from effective_cell_members m where m.project_id = ${projectId} and m.generation = ${generation}
        and m.cell = any(${scope}::text[]) and (${envId}::uuid is null or m.env_id = ${envId}::uuid)`

export async function countEntities(db: Database | Trx, at: Generation, what: Visible): Promise<number> {
  const { rows } = await sql<{ n: number }>`${plannedWithValues} select count(*) as n from (${visible(at, what)}) v`.execute(db)
  return rows[0]!.n
}

export async function countEntitiesByEnvironment(db: Database | Trx, at: Generation, what: Visible) {
  const { rows } = await sql<{ name: string; entities: number }>`${plannedWithValues}
    select v.name, coalesce(n.n, 0) as entities from environments v
    left join (select env_id, count(*) as n from (${visible(at, what)}) x group by env_id) n on n.env_id = v.id
    where v.project_id = ${at.projectId} and (${what.envId}::uuid is null or v.id = ${what.envId}::uuid) order by v.id`.execute(
    db,
  )
  return rows
}

export type NamedCell = { name: string; display_name: string; parents: string[] }

/** A chunk of cells by name. */
export async function listCellNames(
  db: Database | Trx,
  { projectId, generation }: Generation,
  after: string | undefined,
  limit: number,
) {
  const { rows } = await sql<NamedCell>`select c.name, c.display_name,
      array(select p.parent from cell_parents p where p.project_id = ${projectId} and p.generation = ${generation} and p.cell = c.name
        order by p.parent) as parents
    from cells c where c.project_id = ${projectId} and c.generation = ${generation} and (${after}::text is null or c.name > ${after}::text)
    order by c.name limit ${limit}`.execute(db)
  return rows
}

/**
 * How many visible entities each of these cells contains, including the cells below it; cells without any are left out. One
 * condition on many names: joined to them instead, ten thousand cells took seconds.
 */
export async function countEntitiesByCell(db: Database | Trx, at: Generation, what: Visible, cells: string[]) {
  const { projectId, generation } = at
  // An entity in a cell below a scope's cell is in the scope's cell too.
  const seen = what.scope === null ? sql`true` : sql`m.cell in (${selfAndDescendants(at, what.scope)})`
  const { rows } = await sql<{ cell: string; n: number }>`${plannedWithValues}
    select m.cell, count(*) as n from effective_cell_members m where m.project_id = ${projectId} and m.generation = ${generation}
      and (${what.envId}::uuid is null or m.env_id = ${what.envId}::uuid) and ${seen} and m.cell = any(${cells}::text[])
    group by m.cell`.execute(db)
  return new Map(rows.map(({ cell, n }) => [cell, n]))
}

/** The row counts of what a nuke keeps. */
export async function countKept(db: Database | Trx, projectId: string) {
  const { rows } = await sql<{ members: number; environments: number; tokens: number; repoLinks: number; auditEvents: number }>`
    select
      (select count(*) from project_members where project_id = ${projectId}) as members,
      (select count(*) from environments where project_id = ${projectId}) as environments,
      (select count(*) from project_tokens where project_id = ${projectId} and revoked_at is null) as tokens,
      (select count(*) from repo_links where project_id = ${projectId}) as "repoLinks",
      (select count(*) from audit_events where project_id = ${projectId}) as "auditEvents"`.execute(db)
  return rows[0]!
}
