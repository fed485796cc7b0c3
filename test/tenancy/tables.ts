import { sql } from 'kysely'
import type { Database } from '#db/client'

export type Table = {
  name: string
  columns: string[]
  /** The columns that name the tenant of a row; none for a table without a tenant, or whose rows belong to a row that has one. */
  tenant: string[]
  /** Foreign keys to rows that have a tenant, each as its columns here. */
  parents: string[][]
  /** What is unique: the primary key and every unique key without a condition. */
  keys: string[][]
}

/** The tenant of a row. */
const tenantColumns = ['org_id', 'project_id']

type Key = { table: string; kind: 'f' | 'u'; columns: string[]; parent: string | null }

/** The tables of the migrated schema, from its catalog, and what leads from each to its tenant. */
export async function readTables(db: Database): Promise<Table[]> {
  const { rows: tables } = await sql<{ name: string; columns: string[] }>`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname not like 'kysely%'
    group by c.relname order by c.relname`.execute(db)
  const { rows: keys } = await sql<Key>`
    select k.relid::regclass::text as table, k.kind, k.parent::regclass::text as parent,
      array(select a.attname::text from unnest(k.numbers) with ordinality n (attnum, place)
        join pg_attribute a on a.attrelid = k.relid and a.attnum = n.attnum order by n.place) as columns
    from (
      select conrelid as relid, 'f' as kind, confrelid as parent, conkey as numbers from pg_constraint where contype = 'f'
      union all
      select indrelid, 'u', null, (indkey::int2[])[0:indnkeyatts - 1] from pg_index
      where indisunique and indpred is null and indexprs is null
    ) k
    join pg_class c on c.oid = k.relid and c.relnamespace = 'public'::regnamespace`.execute(db)
  const of = (table: string, kind: Key['kind']) => keys.filter((key) => key.table === table && key.kind === kind)

  const pointed = new Set(
    keys.filter(({ kind, columns }) => kind === 'f' && columns.join() === 'org_id').map(({ parent }) => parent),
  )
  // An organization has no tenant above it: its id or its slug names it.
  const tenantOf = ({ name, columns }: (typeof tables)[number]) =>
    pointed.has(name) ? of(name, 'u').flatMap((key) => key.columns) : columns.filter((column) => tenantColumns.includes(column))
  const owned = new Set(tables.filter((table) => tenantOf(table).length > 0).map(({ name }) => name))
  const leads = (key: Key) => owned.has(key.parent!)
  // A child of a child has a tenant too, so this repeats until nothing is added.
  for (let size = -1; size !== owned.size;) {
    size = owned.size
    for (const { name } of tables) if (of(name, 'f').some(leads)) owned.add(name)
  }
  return tables.map((table) => ({
    ...table,
    tenant: tenantOf(table),
    parents: of(table.name, 'f')
      .filter(leads)
      .map((key) => key.columns),
    keys: of(table.name, 'u').map((key) => key.columns),
  }))
}
