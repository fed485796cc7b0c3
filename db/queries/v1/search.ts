import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import { containingExactly } from '../json.ts'
import type { Generation } from '../project-rows.ts'

export type Sought = {
  /** The whole name, and the id if it can be one; undefined matches everything. */
  exact: { name: string; id: string | null } | undefined
  /** A part of the name, in upper or lower case. */
  part: string | undefined
  after: { name: string; id: string } | undefined
  limit: number
}

export type SearchRow = { id: string; name: string }

/** Each side of the `or` can use an index, as the id's text could not. */
const itself = (name: string, id: string, exact: NonNullable<Sought['exact']>) =>
  exact.id === null
    ? sql`${sql.ref(name)} = ${exact.name}`
    : sql`(${sql.ref(name)} = ${exact.name} or ${sql.ref(id)} = ${exact.id}::uuid)`

/** The conditions of a search on the rows of `table`, and their order: by name, then by id. */
const found = (name: string, id: string, { exact, part, after, limit }: Sought) => {
  const conditions = [
    ...(exact === undefined ? [] : [itself(name, id, exact)]),
    ...(part === undefined ? [] : [sql`${sql.ref(name)} ilike ${containingExactly(part)}`]),
    ...(after === undefined ? [] : [sql`(${sql.ref(name)}, ${sql.ref(id)}) > (${after.name}, ${after.id}::uuid)`]),
  ]
  return {
    where: conditions.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(conditions, sql` and `)}`,
    end: sql`order by ${sql.ref(name)}, ${sql.ref(id)} limit ${limit + 1}`,
  }
}

export async function searchRegistered(
  db: Database | Trx,
  at: Generation,
  table: 'agents' | 'core_instances',
  only: string | null,
  sought: Sought,
): Promise<SearchRow[]> {
  const { where, end } = found('r.name', 'r.id', sought)
  const { rows } = await sql<SearchRow>`${plannedWithValues} select r.id, r.name from ${sql.table(table)} r
    where r.project_id = ${at.projectId} and r.generation = ${at.generation} and (${only}::uuid is null or r.env_id = ${only}::uuid)
      and ${where} ${end}`.execute(db)
  return rows
}

export async function searchEnvironments(
  db: Database | Trx,
  projectId: string,
  only: string | null,
  sought: Sought,
): Promise<SearchRow[]> {
  const { where, end } = found('e.name', 'e.id', sought)
  const { rows } = await sql<SearchRow>`${plannedWithValues} select e.id, e.name from environments e
    where e.project_id = ${projectId} and (${only}::uuid is null or e.id = ${only}::uuid) and ${where} ${end}`.execute(db)
  return rows
}

export async function searchMembers(db: Database | Trx, projectId: string, sought: Sought): Promise<SearchRow[]> {
  const { where, end } = found('u.name', 'm.id', sought)
  const { rows } =
    await sql<SearchRow>`${plannedWithValues} select m.id, u.name from project_members m join users u on u.id = m.user_id
    where m.project_id = ${projectId} and ${where} ${end}`.execute(db)
  return rows
}
