import type { Client } from 'pg'
import { wipedTables } from '#db/queries/project-rows'

type Generation = { id: string; generation: number }

/**
 * Groups of three cells, named by how much a scope of all three shows; `rule` says whether the n-th entity is in the k-th cell.
 */
const groups = {
  'three small cells': { name: 'small', rule: 'n % 1000 = k' },
  'three large cells': { name: 'large', rule: 'n % 10 = k' },
  'three overlapping cells': { name: 'overlap', rule: 'n % 10 in (k, k + 1)' },
  'three cells above ten each': { name: 'tree', rule: 'n % 10 = k + 4' },
  'three cells that hold everything': { name: 'third', rule: 'n % 3 = k' },
} as const
export type Group = keyof typeof groups
export const groupNames = Object.keys(groups) as Group[]
export const cellsOf = (group: Group) => [0, 1, 2].map((k) => `${groups[group].name}-${k}`)
/** The leaves below the first cell of `three cells above ten each`. */
const LEAVES = 10

const cell = (
  name: string,
) => `insert into cells (project_id, generation, name, display_name, entity_type, placement_policy, constraints)
  select $1, $2, ${name}, ${name}, 'node', 'least-loaded', '[]'`

const members = (name: string, rule: string) => `
  insert into effective_cell_members (project_id, generation, env_id, cell, entity_id)
  select e.project_id, e.generation, e.env_id, ${name}, e.id
  from (select *, right(name, 7)::int as n from entities where project_id = $1 and generation = $2) e, generate_series(0, 2) k where ${rule}`

const statements = [
  ...['node', 'site'].map(
    (
      type,
    ) => `insert into entity_types (project_id, generation, name, display_name, states, initial_state, properties, metrics, constraints)
      values ($1, $2, '${type}', '${type}', '{active}', 'active', '[]', '[]', '[]')`,
  ),
  ...Object.values(groups).map(({ name }) => `${cell(`'${name}-' || k`)} from generate_series(0, 2) k`),
  `${cell(`'leaf-' || k || '-' || j`)} from generate_series(0, 2) k, generate_series(0, ${LEAVES - 1}) j`,
  `insert into cell_parents (project_id, generation, cell, parent)
    select $1, $2, 'leaf-' || k || '-' || j, 'tree-' || k from generate_series(0, 2) k, generate_series(0, ${LEAVES - 1}) j`,
]

/**
 * Fills a project with this many entities in the order of their ids, half of each of two types, and the memberships that the
 * product would have computed. Writes straight to the tables; the rows are consistent by construction.
 */
export async function crowd(client: Client, { id, generation }: Generation, entities: number): Promise<void> {
  await client.query('begin; set local session_replication_role = replica')
  for (const statement of statements) await client.query(statement, [id, generation])
  await client.query(
    `insert into entities (project_id, generation, id, env_id, entity_type, name, state, properties, labels)
      select $1, $2, uuidv7(), v.id, case n / 10 % 2 when 0 then 'node' else 'site' end, 'entity-' || lpad(n::text, 7, '0'), 'active', '{}', '{}'
      from generate_series(0, $3::int - 1) n, environments v where v.project_id = $1`,
    [id, generation, entities],
  )
  for (const { name, rule } of Object.values(groups)) await client.query(members(`'${name}-' || k`, rule), [id, generation])
  await client.query(members(`'leaf-' || k || '-' || n / 10 % ${LEAVES}`, groups['three cells above ten each'].rule), [
    id,
    generation,
  ])
  for (const table of wipedTables)
    await client.query(
      `insert into row_counts (project_id, generation, table_name, backend, n)
        select $1::uuid, $2::int, '${table}', 0, count(*) from ${table} where project_id = $1 and generation = $2`,
      [id, generation],
    )
  await client.query('commit')
}
