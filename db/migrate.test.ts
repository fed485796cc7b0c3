import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { type Database, createDatabase } from './client.ts'
import { migrateDown, migrateToLatest } from './migrate.ts'
import { createTestDatabase } from '#test/support/database/database'

const { db, url, ...database } = await createTestDatabase()
afterAll(() => database.drop())

/** The whole schema as text that does not depend on when it was created. */
async function describeSchema(on: Database): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select format('column %s.%s %s %s %s', table_name, column_name, udt_name, is_nullable, column_default) as line
      from information_schema.columns where table_schema = 'public' and table_name not like 'kysely%'
    union all select format('index %s', indexdef) from pg_indexes where schemaname = 'public' and tablename not like 'kysely%'
    union all select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
      where connamespace = 'public'::regnamespace and conrelid::regclass::text not like 'kysely%'
    union all select format('function %s', proname) from pg_proc where pronamespace = 'public'::regnamespace
    union all select format('trigger %s', pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal and tgrelid::regclass::text not like 'kysely%'
    union all select format('enum %s %s', t.typname, string_agg(e.enumlabel, ',' order by e.enumsortorder)) from pg_enum e
      join pg_type t on t.oid = e.enumtypid group by t.typname
    order by 1`.execute(on)
  return rows.map((row) => row.line)
}

test('all the way down leaves nothing behind, and up again gives the same schema', async () => {
  const before = await describeSchema(db)
  expect(before.length).toBeGreaterThan(100)
  const undone = await migrateDown(db)
  expect(await describeSchema(db)).toEqual([])
  expect(await migrateToLatest(db)).toEqual(undone.toReversed())
  expect(await describeSchema(db)).toEqual(before)
})

test('a second run does nothing', async () => {
  expect(await migrateToLatest(db)).toEqual([])
})

test('two processes may start at once', async () => {
  await migrateDown(db)
  const [one, other] = await Promise.all([migrateToLatest(db), migrateToLatest(db)])
  const { length } = (await readdir(join(import.meta.dirname, 'migrations'))).filter((file) => file.endsWith('.ts'))
  expect([...one, ...other].length).toBe(length)
})

test('migrating keeps the lock timeout', async () => {
  const one = createDatabase(url, { max: 1 })
  onTestFinished(() => one.destroy())
  await migrateToLatest(one)
  const { rows } = await sql<{ lock_timeout: string }>`show lock_timeout`.execute(one)
  expect(rows).toEqual([{ lock_timeout: '10s' }])
})
