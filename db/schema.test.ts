import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { keptTables, wipedTables } from './queries/project-rows.ts'
import { createTestDatabase } from '#test/support/database/database'

const { db, ...database } = await createTestDatabase()
afterAll(() => database.drop())

async function column(query: ReturnType<typeof sql<{ name: string }>>): Promise<string[]> {
  return (await query.execute(db)).rows.map((row) => row.name)
}

describe('tables with a project_id', () => {
  const tables = () =>
    column(
      sql`select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'project_id' order by 1`,
    )

  test('are each either kept by a nuke, with a reason, or wiped', async () => {
    expect(await tables()).toEqual([...wipedTables, ...Object.keys(keptTables)].toSorted())
    expect(Object.values(keptTables).filter((reason) => reason.length < 10)).toEqual([])
  })

  test('are wiped when they have a generation, except the two that record generations', async () => {
    const living = await column(
      sql`select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'generation' order by 1`,
    )
    expect(living).toEqual([...wipedTables, 'projects', 'row_counts', 'wipes'].toSorted())
  })

  test('that are wiped start every key with (project_id, generation)', async () => {
    const keys = await sql<{ table: string; key: string; columns: string[] }>`
      select c.relname as table, i.indexrelid::regclass::text as key, array(select a.attname::text from unnest(i.indkey[0:i.indnkeyatts - 1]) with ordinality k (n, place)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.n order by k.place) as columns
      from pg_index i join pg_class c on c.oid = i.indrelid where c.relname = any(${[...wipedTables]}) and (i.indisprimary or i.indisunique)`.execute(
      db,
    )
    expect(new Set(keys.rows.map((row) => row.table))).toEqual(new Set(wipedTables))
    expect(keys.rows.filter((row) => row.columns[0] !== 'project_id' || row.columns[1] !== 'generation')).toEqual([])
  })

  test('that are wiped are listed children before parents', async () => {
    const edges = await sql<{ child: (typeof wipedTables)[number]; parent: (typeof wipedTables)[number] }>`
      select conrelid::regclass::text as child, confrelid::regclass::text as parent from pg_constraint
      where contype = 'f' and conrelid::regclass::text = any(${[...wipedTables]}) and confrelid::regclass::text = any(${[...wipedTables]})`.execute(
      db,
    )
    expect(edges.rows.length).toBeGreaterThan(0)
    expect(edges.rows.filter(({ child, parent }) => wipedTables.indexOf(child) > wipedTables.indexOf(parent))).toEqual([])
  })
})

test('every foreign key has an index that starts with its columns', async () => {
  const bare = await column(sql`
    select format('%s %s', f.conrelid::regclass, f.conname) as name from pg_constraint f
    where f.contype = 'f' and f.connamespace = 'public'::regnamespace and not exists (
      select from pg_index i where i.indrelid = f.conrelid and i.indpred is null
        and (select array_agg(k order by k) from unnest(i.indkey[0:cardinality(f.conkey) - 1]) k) = (select array_agg(k order by k) from unnest(f.conkey) k)
    )`)
  expect(bare).toEqual([])
})

test('every foreign key between tables of project data stays in its project and generation', async () => {
  const { rows } = await sql<{ name: string; columns: string[] }>`
    select f.conname as name, array(select a.attname::text from unnest(f.conkey) with ordinality k (n, place)
      join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.n order by k.place) as columns
    from pg_constraint f where f.contype = 'f' and f.conrelid::regclass::text = any(${[...wipedTables]})
      and f.confrelid::regclass::text = any(${[...wipedTables]})`.execute(db)
  expect(rows.filter((row) => row.columns.slice(0, 2).join() !== 'project_id,generation')).toEqual([])
})

test('there are no triggers or functions except those that protect the audit log', async () => {
  const triggers = await column(
    sql`select format('%s %s', tgrelid::regclass, tgname) as name from pg_trigger where not tgisinternal order by 1`,
  )
  const functions = await column(sql`select proname as name from pg_proc where pronamespace = 'public'::regnamespace`)
  expect(triggers).toEqual([
    'audit_events audit_events_kept',
    'audit_events audit_events_not_emptied',
    'audit_events audit_events_not_sealed_yet',
  ])
  expect(functions).toEqual(['audit_events_are_kept'])
})

test('times are timestamptz and ids are uuid, everywhere', async () => {
  const odd = await column(sql`
    select format('%s.%s %s', table_name, column_name, udt_name) as name from information_schema.columns
    where table_schema = 'public' and table_name not like 'kysely%' and (
      (column_name ~ '_(at|after|before)$' and udt_name <> 'timestamptz')
      or (column_name ~ '(^|_)id$' and udt_name <> 'uuid')
      or udt_name in ('timestamp', 'date', 'varchar', 'json'))`)
  expect(odd.toSorted()).toEqual([
    'agents.machine_id text',
    'audit_chains.key_id text',
    'audit_events.key_id text',
    'audit_events.request_id text',
    'audit_events.target_id text',
    'audit_keys.key_id text',
    'passkeys.credential_id text',
    'secret_values.key_id text',
    'totp_factors.key_id text',
  ])
})
