import { type RawBuilder, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { inCells } from '../catalog/effective-members.ts'
import { type EntityRow, type Scope, and, entityColumns, fromEntities, isInCells, key } from './entities.ts'
import { containing } from '../json.ts'
import { isOneOf, nfc } from '../forms.ts'
import { isFollowed, withinBytes } from '../page-bytes.ts'
import type { Generation } from '../project-rows.ts'

type EntityFilter = {
  /** Each of these as one name in the forms in which it may be stored. */
  entityType: string[] | undefined
  state: string[] | undefined
  cell: string[] | undefined
  /** The value in NFC. */
  label: { keys: string[]; value: string } | undefined
  q: string | undefined
}
export type EntityPage = EntityFilter & { after: string | undefined; limit: number }

/** Entities of one environment within a scope, oldest first. */
export async function listEntities(
  db: Database | Trx,
  at: Generation,
  envId: string,
  scope: Scope,
  page: EntityPage,
): Promise<EntityRow[]> {
  const { entityType, state, cell, label, q, after, limit } = page
  const filters = [
    ...(entityType === undefined ? [] : [isOneOf(sql`e.entity_type`, entityType)]),
    ...(state === undefined ? [] : [isOneOf(sql`e.state`, state)]),
    ...(label === undefined
      ? []
      : [
          sql`exists (select from unnest(${label.keys}::text[]) k (key) where ${nfc(sql`(e.labels ->> k.key)`)} = ${label.value})`,
        ]),
    ...(q === undefined ? [] : [sql`e.name ilike ${containing(q)}`]),
  ]
  const narrowing = [scope, cell ?? null].filter((cells) => cells !== null)
  const [walked, ...rest] = await sparsestFirst(db, at, envId, narrowing, after)
  if (walked && !(filters.length > 0 && (await isDense(db, at, envId, walked, after)))) {
    const all = [...rest.map((cells) => inCells(at, sql`s.id`, cells)), ...filters]
    return listMembers(db, at, { envId, scope, cells: walked, filters: all, after, most: limit + 1 })
  }
  const where = [
    key(at),
    sql`e.env_id = ${envId}`,
    ...(after === undefined ? [] : [sql`e.id > ${after}`]),
    ...filters,
    ...narrowing.map((cells) => isInCells(at, cells)),
  ]
  const query = sql<EntityRow>`select ${entityColumns(at, scope)} from ${fromEntities} where ${and(where)} order by e.id limit ${limit + 1}`
  return withinBytes(db, query, ['properties', 'labels'], sql`q.id`)
}

/** The most members that one statement looks through. */
const LONGEST = 20_000

type MemberPage = {
  envId: string
  scope: Scope
  cells: string[]
  filters: RawBuilder<unknown>[]
  after: string | undefined
  most: number
}

/**
 * The first entities of these cells that match the filters. Reads members in order of id from the membership's key, in growing
 * chunks, so that a page costs the same however large the project.
 */
async function listMembers(
  db: Database | Trx,
  at: Generation,
  { envId, scope, cells, filters, after, most }: MemberPage,
): Promise<EntityRow[]> {
  if (filters.length === 0) {
    const query = picked(at, { scope, stretch: stretchOf(at, envId, cells, after, most), filters, limit: most })
    return withinBytes(db, query, ['properties', 'labels'], sql`q.id`)
  }
  const found: EntityRow[] = []
  const longest = Math.max(4 * most, LONGEST)
  let from = after
  for (let length = 4 * most; ; length = Math.min(4 * length, longest)) {
    const stretch = stretchOf(at, envId, cells, from, length)
    const { members, last, entities } = await pickFromStretch(db, at, {
      scope,
      stretch,
      filters,
      limit: most - found.length,
    })
    found.push(...entities)
    if (isFollowed(entities.at(-1)) || found.length === most || members < length) return found
    from = last
  }
}

/** The ids of the next members of these cells, each once and in order. */
const stretchOf = (at: Generation, envId: string, cells: string[], after: string | undefined, length: number) => sql`
  select distinct s.entity_id as id from unnest(${cells}::text[]) c (cell) cross join lateral (
    select m.entity_id from effective_cell_members m where m.project_id = ${at.projectId} and m.generation = ${at.generation}
      and m.cell = c.cell and m.env_id = ${envId} ${after === undefined ? sql`` : sql`and m.entity_id > ${after}`}
    order by m.entity_id limit ${length}
  ) s order by id limit ${length}`

type Choice = { scope: Scope; stretch: RawBuilder<unknown>; filters: RawBuilder<unknown>[]; limit: number }

/**
 * The entities of a chunk `s` that match the filters. Each entity is read by its key and then filtered (`offset 0`), even where
 * missing statistics mislead the planner.
 */
const picked = (at: Generation, { scope, stretch, filters, limit }: Choice) =>
  sql<EntityRow>`select ${entityColumns(at, scope)} from (${stretch}) s
    cross join lateral (select * from entities e where ${key(at)} and e.id = s.id offset 0) e
    join environments v on v.project_id = e.project_id and v.id = e.env_id
    where ${and([sql`true`, ...filters])} order by s.id limit ${limit}`

type Stretch = { members: number; last: string | undefined; entities: EntityRow[] }

/** The same, with the chunk's length and end. */
async function pickFromStretch(db: Database | Trx, at: Generation, { stretch, ...choice }: Choice): Promise<Stretch> {
  const query = sql<EntityRow & { members: number; last: string | null }>`
    with stretch as materialized (${stretch})
    select w.members, w.last, p.* from (
      select (select count(*) from stretch) as members, (select id from stretch order by id desc limit 1) as last
    ) w left join (${picked(at, { ...choice, stretch: sql`select id from stretch` })}) p on true order by p.id`
  const rows = await withinBytes(db, query, ['properties', 'labels'], sql`q.id`)
  const [{ members, last }] = rows as [(typeof rows)[number]]
  return { members, last: last ?? undefined, entities: rows.filter((row) => row.id !== null) }
}

const PROBE = 200

/**
 * Of two lists of cells, first the one whose next members lie further apart: starting there, common members need fewer lookups.
 */
async function sparsestFirst(
  db: Database | Trx,
  at: Generation,
  envId: string,
  lists: string[][],
  after: string | undefined,
): Promise<string[][]> {
  if (lists.length < 2) return lists
  const ends: { cells: string[]; end: string }[] = []
  for (const cells of lists) {
    const { rows } = await sql<{ id: string }>`select id from (${stretchOf(at, envId, cells, after, PROBE)}) s
      order by id offset ${PROBE - 1}`.execute(db)
    ends.push({ cells, end: rows[0]?.id ?? 'beyond all' })
  }
  return ends.toSorted((a, b) => (a.end > b.end ? -1 : 1)).map(({ cells }) => cells)
}

/**
 * Whether at least one in ten of the next entities is a member of these cells. Then filtering all entities and checking the
 * matches' cells is faster than looking up each member.
 */
async function isDense(db: Database | Trx, at: Generation, envId: string, cells: string[], after: string | undefined) {
  const { rows } = await sql<{ dense: boolean | null }>`select
    (select id from (${stretchOf(at, envId, cells, after, PROBE)}) s order by id offset ${PROBE - 1})
    <= coalesce((select e.id from entities e where ${key(at)} and e.env_id = ${envId} ${after === undefined ? sql`` : sql`and e.id > ${after}`}
      order by e.id offset ${10 * PROBE} limit 1), 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) as dense`.execute(db)
  return rows[0]!.dense === true
}
