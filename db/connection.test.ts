import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, expect, test, vi } from 'vitest'
import { createTestDatabase } from '#test/support/database/database'
import { createDatabase } from './client.ts'

const { db, ...database } = await createTestDatabase()
const role = `rotating_${process.pid}`
const folder = mkdtempSync(join(tmpdir(), 'bulkhead-password-'))
const file = join(folder, 'password')
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await sql.raw(`drop role if exists ${role}`).execute(db)
  await database.drop()
})

test('a password that was rotated is used by the next connection', async () => {
  await sql.raw(`create role ${role} login password 'first'`).execute(db)
  writeFileSync(file, 'first\n')
  vi.stubEnv('BULKHEAD_DATABASE_PASSWORD_FILE', file)
  const url = new URL(database.url)
  url.username = role
  url.password = ''
  const theirs = createDatabase(url.href, { max: 1 })
  const ask = () => sql<{ user: string }>`select current_user as user`.execute(theirs)
  expect((await ask()).rows).toEqual([{ user: role }])
  await sql.raw(`alter role ${role} password 'second'`).execute(db)
  const end = () => sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${role}`.execute(db)
  await end()
  await expect(vi.waitFor(ask)).rejects.toThrow('password authentication failed')
  writeFileSync(file, 'second\n')
  expect((await ask()).rows).toEqual([{ user: role }])
  await theirs.destroy()
  vi.unstubAllEnvs()
})

test('options of the URL, such as a schema, hold beside ours, and connections have a name', async () => {
  const url = new URL(database.url)
  url.searchParams.set('options', '-c search_path=elsewhere -c statement_timeout=0')
  const theirs = createDatabase(url.href, { max: 1 })
  const { rows } = await sql`select current_setting('search_path') as path, current_setting('statement_timeout') as timeout,
    current_setting('TimeZone') as zone, current_setting('application_name') as name`.execute(theirs)
  expect(rows).toEqual([{ path: 'elsewhere', timeout: '30s', zone: 'UTC', name: 'bulkhead' }])
  await theirs.destroy()
})
