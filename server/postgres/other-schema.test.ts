import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { projectRoot } from '#config/config'
import { createTestDatabase } from '#test/support/database/database'

// Each test starts the real programs.
vi.setConfig({ testTimeout: 120_000 })

const role = `apart_${process.pid}`
const folder = mkdtempSync(join(tmpdir(), 'bulkhead-schema-'))
let databases: Awaited<ReturnType<typeof createTestDatabase>>[]

/** On a connection of its own, because a restore wants the database alone. */
async function run<Row extends object>(url: string, ...statements: string[]): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    let rows: Row[] = []
    for (const statement of statements) ({ rows } = await client.query<Row>(statement))
    return rows
  } finally {
    await client.end()
  }
}

const nameOf = (url: string) => new URL(url).pathname.slice(1)

/** Databases of a role that may create nothing in `public`. */
beforeAll(async () => {
  databases = [await createTestDatabase({ bare: true }), await createTestDatabase({ bare: true })]
  await run(databases[0]!.url, `create role ${role} login password 'x'`)
  for (const { url } of databases)
    await run(
      url,
      `grant create on database ${nameOf(url)} to ${role}`,
      `create schema "Fleet data" authorization ${role}`,
      'revoke all on schema public from public',
    )
})
afterAll(async () => {
  for (const { url } of databases) await run(url, `drop owned by ${role}`)
  await run(databases[0]!.url, `drop role ${role}`)
  for (const { drop } of databases) await drop()
  rmSync(folder, { recursive: true })
})

const asRole = (url: string, schema?: string): string => {
  const address = new URL(url)
  address.username = role
  address.password = 'x'
  if (schema !== undefined) address.searchParams.set('options', `-c search_path=${schema}`)
  return address.href
}

function command(url: string, ...args: string[]) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, DATABASE_URL: url }
    execFile(process.execPath, [join(projectRoot, 'server/bulkhead.mjs'), ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr: stderr.replace(/^Database: .*\n/, '') }),
    )
  })
}

/** How many tables each schema has. */
async function tablesOf(url: string): Promise<Record<string, number>> {
  const rows = await run<{ schema: string; n: number }>(
    url,
    `select schemaname as schema, count(*)::int as n from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema') group by 1`,
  )
  return Object.fromEntries(rows.map(({ schema, n }) => [schema, n]))
}

test('everything but the jobs is in the schema that the search_path names, by the URL or by the role', async () => {
  const [one, other] = databases.map(({ url }) => url) as [string, string]
  const byUrl = asRole(one, '"Fleet\\ data"')
  const file = join(folder, 'backup')
  for (const args of [['demo'], ['check'], ['audit', 'verify'], ['backup', file]])
    expect(await command(byUrl, ...args)).toMatchObject({ code: 0 })
  await run(one, `alter role ${role} in database ${nameOf(other)} set search_path = "Fleet data"`)
  expect(await command(asRole(other), 'restore', file)).toMatchObject({ code: 0 })
  const [first, second] = [await tablesOf(one), await tablesOf(other)]
  expect(Object.keys(first).toSorted()).toEqual(['Fleet data', 'graphile_worker'])
  expect(second['Fleet data']).toBe(first['Fleet data'])
  expect(second['public']).toBeUndefined()
})

test('a schema that does not exist is one sentence', async () => {
  expect(await command(asRole(databases[0]!.url, 'nowhere'), 'check')).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'The schema in the search_path of the database user does not exist. Create it, or name another one, then start again.\n',
  })
})
