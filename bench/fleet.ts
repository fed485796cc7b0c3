import type { Client } from 'pg'
import { newId } from '#domain/ids'

const ZONES = 100
const REGIONS = 10

/** A type, a hundred cells derived from a property, and ten above them: each entity ends up in two. */
export const catalog = [
  {
    kind: 'EntityType',
    name: 'node',
    states: ['active'],
    initialState: 'active',
    properties: [
      { name: 'zone', type: 'string' },
      { name: 'cores', type: 'integer' },
    ],
  },
  ...Array.from({ length: REGIONS }, (_, n) => ({ kind: 'Cell', name: `region-${n}`, entityType: 'node' })),
  ...Array.from({ length: ZONES }, (_, n) => ({
    kind: 'Cell',
    name: `zone-${n}`,
    entityType: 'node',
    parentCells: [`region-${n % REGIONS}`],
    membership: { derivedFrom: { property: 'zone' } },
  })),
]

/** `shift` moves every entity to another zone. */
export const entities = (n: number, shift = 0) =>
  Array.from({ length: n }, (_, i) => ({
    kind: 'Entity',
    entityType: 'node',
    name: `node-${String(i).padStart(6, '0')}`,
    properties: { zone: `zone-${(i + shift) % ZONES}`, cores: 8 },
    labels: { team: `team-${i % 7}` },
  }))

type Row = { id: string; name: string; zone: number; properties: string; labels: string }
export const rowsOf = (n: number): Row[] =>
  entities(n).map(({ name, properties, labels }, i) => {
    const row = { id: newId(), name, zone: i % ZONES }
    return { ...row, properties: JSON.stringify(properties), labels: JSON.stringify(labels) }
  })

/**
 * The least that an apply must write when everything is known beforehand: one multi-row INSERT per table, of the same rows with
 * the same keys, references and row counts, in one transaction.
 */
export async function insertRows(client: Client, { id, generation }: { id: string; generation: number }, rows: Row[]) {
  await client.query('begin')
  await client.query(
    `insert into entities (project_id, generation, id, env_id, entity_type, name, state, properties, labels)
     select $1, $2, r.id, v.id, 'node', r.name, 'active', r.properties, r.labels
     from environments v, unnest($3::uuid[], $4::text[], $5::jsonb[], $6::jsonb[]) r (id, name, properties, labels) where v.project_id = $1`,
    [
      id,
      generation,
      rows.map((row) => row.id),
      rows.map((row) => row.name),
      rows.map((row) => row.properties),
      rows.map((row) => row.labels),
    ],
  )
  const members = rows.flatMap((row) => [
    { id: row.id, cell: `zone-${row.zone}` },
    { id: row.id, cell: `region-${row.zone % REGIONS}` },
  ])
  await client.query(
    `insert into effective_cell_members (project_id, generation, env_id, cell, entity_id)
     select $1, $2, v.id, r.cell, r.id from environments v, unnest($3::text[], $4::uuid[]) r (cell, id) where v.project_id = $1`,
    [id, generation, members.map((member) => member.cell), members.map((member) => member.id)],
  )
  await client.query(
    `insert into row_counts (project_id, generation, table_name, backend, n)
     values ($1, $2, 'entities', 0, $3), ($1, $2, 'effective_cell_members', 0, $4)`,
    [id, generation, rows.length, members.length],
  )
  await client.query('commit')
}
