import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { projectRoot } from '#config/config'
import { createTestDatabase } from '#test/support/database/database'
import { indexes as ofLists } from './migrations/20261201000000-flat-lists.ts'
import { indexes as ofPeople } from './migrations/20261201010000-memberships-of-a-person.ts'

const indexes = { ...ofLists, ...ofPeople }
const { db, url, drop } = await createTestDatabase()
afterAll(drop)

const definitions = async () => {
  const { rows } = await sql<{
    indexdef: string
  }>`select indexdef from pg_indexes where schemaname = 'public' order by 1`.execute(db)
  return rows.map(({ indexdef }) => indexdef)
}

test('indexes are built beside a running server as a start would build them', async () => {
  const before = await definitions()
  const [kept = '', ...gone] = Object.keys(indexes)
  for (const name of [...gone, 'users_search']) await sql`drop index ${sql.id(name)}`.execute(db)
  // As a build leaves it that was interrupted.
  await sql`update pg_index set indisvalid = false where indexrelid = ${kept}::regclass`.execute(db)
  const { stdout } = await promisify(execFile)(process.execPath, ['tools/run.mjs', join('tools', 'indexes.ts')], {
    cwd: projectRoot,
    env: { ...process.env, DATABASE_URL: url },
  })
  expect(stdout.trim().split('\n')).toEqual(Object.keys(indexes))
  expect(await definitions()).toEqual(before)
  const { rows } = await sql`select from pg_index where not indisvalid`.execute(db)
  expect(rows).toEqual([])
})
