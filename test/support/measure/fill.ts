import type { Client } from 'pg'
import { wipedTables } from '#db/queries/project-rows'

const ZONES = 100
const REGIONS = 10

/** $1 project, $2 generation, $3 number of entities. Each entity is in a zone and in the zone's region. */
const catalog = `
  with type as (
    insert into entity_types (project_id, generation, name, display_name, states, initial_state, properties, metrics, constraints)
    values ($1, $2, 'node', 'Node', '{active}', 'active', '[{"name":"zone","type":"string"}]', '[]', '[]')
  ), cell as (
    insert into cells (project_id, generation, name, display_name, entity_type, placement_policy, constraints, derived_property)
    select $1, $2, name, name, 'node', 'least-loaded', '[]', case when name like 'zone%' then 'zone' end
    from (select 'region-' || n from generate_series(0, ${REGIONS - 1}) n union all select 'zone-' || n from generate_series(0, ${ZONES - 1}) n) c (name)
  )
  insert into cell_parents (project_id, generation, cell, parent)
  select $1, $2, 'zone-' || n, 'region-' || n % ${REGIONS} from generate_series(0, ${ZONES - 1}) n`

const entities = `
  insert into entities (project_id, generation, id, env_id, entity_type, name, state, properties, labels)
  select $1, $2, gen_random_uuid(), v.id, 'node', 'node-' || n, 'active', jsonb_build_object('zone', 'zone-' || n % ${ZONES}), '{}'
  from generate_series(1, $3::int) n, environments v where v.project_id = $1`

const members = `
  insert into effective_cell_members (project_id, generation, env_id, cell, entity_id)
  select e.project_id, e.generation, e.env_id, c.cell, e.id from entities e
  cross join lateral (values (e.properties ->> 'zone'), ('region-' || right(e.properties ->> 'zone', 1))) c (cell)
  where e.project_id = $1 and e.generation = $2`

/** The row counts that inserting through the product would have maintained. */
const counts = wipedTables
  .map((table) => `select $1::uuid, $2::int, '${table}', 0, count(*) from ${table} where project_id = $1 and generation = $2`)
  .join(' union all ')

/** Fills a project with this many entities and two memberships each. Answers the total number of rows. */
export async function fill(client: Client, { id, generation }: { id: string; generation: number }, n: number): Promise<number> {
  // The rows are consistent by construction, so checking each would only slow the load.
  await client.query('begin; set local session_replication_role = replica')
  await client.query(catalog, [id, generation])
  await client.query(entities, [id, generation, n])
  await client.query(members, [id, generation])
  await client.query(`insert into row_counts (project_id, generation, table_name, backend, n) ${counts}`, [id, generation])
  const { rows } = await client.query<{ n: string }>('select sum(n) as n from row_counts where project_id = $1', [id])
  await client.query('commit')
  return Number(rows[0]!.n)
}

/** The naive way: deletes the project's rows of every table, children before parents, in one transaction. */
export async function deleteRows(client: Client, projectId: string): Promise<void> {
  await client.query('begin')
  for (const table of wipedTables) await client.query(`delete from ${table} where project_id = $1`, [projectId])
  await client.query('commit')
}
