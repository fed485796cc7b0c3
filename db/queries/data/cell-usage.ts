import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import type { Scope } from './entities.ts'
import { json } from '../json.ts'
import type { Generation } from '../project-rows.ts'

/** One environment, limited to a cell scope. */
type Visible = { envId: string; scope: Scope }

export type CellWithCeilings = { name: string; constraints: unknown; metrics: unknown }

/** A chunk of cells by name, with their limits and the metrics that their types declare, if any. */
export async function listCellsWithLimits(
  db: Database | Trx,
  { projectId, generation }: Generation,
  after: string | undefined,
  limit: number,
) {
  const { rows } = await sql<CellWithCeilings>`select c.name, c.constraints,
      case when jsonb_array_length(c.constraints) > 0 then t.metrics end as metrics from cells c
    join entity_types t on t.project_id = c.project_id and t.generation = c.generation and t.name = c.entity_type
    where c.project_id = ${projectId} and c.generation = ${generation} and (${after}::text is null or c.name > ${after}::text)
    order by c.name limit ${limit}`.execute(db)
  return rows
}

/** Whether a row's entity is in the scope. */
const seen = ({ projectId, generation }: Generation, scope: Scope, entityId: 'm.entity_id' | 'x.other_id') =>
  scope === null
    ? sql`true`
    : sql`exists (select from effective_cell_members s where s.project_id = ${projectId} and s.generation = ${generation}
        and s.entity_id = ${sql.ref(entityId)} and s.cell = any(${scope}::text[]))`

const members = (at: Generation, { envId, scope }: Visible) => sql`effective_cell_members m
  where m.project_id = ${at.projectId} and m.generation = ${at.generation} and m.env_id = ${envId} and ${seen(at, scope, 'm.entity_id')}`

/** How many visible entities each of these cells contains; cells without any are left out. */
export async function countMembers(db: Database | Trx, at: Generation, what: Visible, cells: string[]) {
  const { rows } = await sql<{ cell: string; n: number }>`${plannedWithValues}
    select m.cell, count(*) as n from ${members(at, what)} and m.cell = any(${cells}::text[]) group by m.cell`.execute(db)
  return rows
}

/**
 * A limit whose level is requested, of a metric stored with the entities or counted from relationships of a type in some states.
 */
export type WantedLevel = {
  cell: string
  place: number
  metric: string
  relationship_type: string | null
  states: string[] | null
}

type Level = { cell: string; place: number; sum: number; avg: number; min: number; max: number }

/** The levels of any number of limits, in one statement. A pushed metric counts where an entity has one, a counted one always. */
export async function measureCells(db: Database | Trx, at: Generation, what: Visible, levels: WantedLevel[]): Promise<Level[]> {
  const { projectId, generation } = at
  const end = (own: 'from_id' | 'to_id', other: 'from_id' | 'to_id') => sql`
    select ${sql.ref(`r.${own}`)} as entity_id, ${sql.ref(`r.${other}`)} as other_id, r.relationship_type, r.state from relationships r
    where r.project_id = ${projectId} and r.generation = ${generation} and r.env_id = ${what.envId}
      and r.relationship_type in (select relationship_type from wanted)`
  const { rows } = await sql<Level>`
    with wanted as materialized (
      select * from jsonb_to_recordset(${json(levels)}) as w (cell text, place int, metric text, relationship_type text, states text[])
    ), held as materialized (
      select m.cell, m.entity_id from ${members(at, what)} and m.cell in (select cell from wanted)
    ), counted as materialized (
      select x.entity_id, x.relationship_type, x.state, count(*) as n
      from (${end('from_id', 'to_id')} union all ${end('to_id', 'from_id')} and r.from_id <> r.to_id) x
      where ${seen(at, what.scope, 'x.other_id')} group by 1, 2, 3
    ), numbers as (
      select w.cell, w.place, (e.metrics ->> w.metric)::float8 as value from wanted w join held h on h.cell = w.cell
      join entities e on e.project_id = ${projectId} and e.generation = ${generation} and e.id = h.entity_id
      where w.relationship_type is null and e.metrics ? w.metric
      union all
      select w.cell, w.place, coalesce(sum(c.n), 0)::float8 from wanted w join held h on h.cell = w.cell
      left join counted c on c.entity_id = h.entity_id and c.relationship_type = w.relationship_type
        and (w.states is null or c.state = any(w.states))
      where w.relationship_type is not null group by w.cell, w.place, h.entity_id
    )
    select cell, place, sum(value) as sum, avg(value) as avg, min(value) as min, max(value) as max from numbers group by cell, place`.execute(
    db,
  )
  return rows
}
