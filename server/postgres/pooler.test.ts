import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { projectRoot } from '#config/config'
import { type Database, acquire, createDatabase } from '#db/client'
import { preparedFirst } from '#db/prepared'
import { createTestDatabase } from '#test/support/database/database'
import { startSmallPooler } from '#test/support/servers/small-pooler'
import { checkDatabases } from './pooler.ts'

// Some tests start the real programs.
vi.setConfig({ testTimeout: 60_000 })

let database: Awaited<ReturnType<typeof createTestDatabase>>
const role = `pooled_${process.pid}`
/** The database for a role of the test's own. */
let url = ''
beforeEach(async () => {
  database = await createTestDatabase()
  await sql.raw(`create role ${role} superuser login password 'x'`).execute(database.db)
  const address = new URL(database.url)
  address.username = role
  address.password = 'x'
  url = address.href
})
afterEach(async () => {
  await sql.raw(`drop role ${role}`).execute(database.db)
  await database.drop()
})

const hostOf = (one: string) => new URL(one).host
const nameOf = (one: string) => new URL(one).pathname.slice(1)

/** What the start says to these URLs; undefined when it goes on. */
const check = (databaseUrl: string, databaseDirectUrl?: string) =>
  checkDatabases({ databaseUrl, databaseDirectUrl }).then(
    () => undefined,
    (error: Error) => error.message,
  )

/** Runs the statements that a refusal names. */
async function obey(refusal: string | undefined): Promise<string[]> {
  const statements = refusal?.match(/ALTER ROLE [^;]+;/g) ?? []
  for (const statement of statements) await sql.raw(statement).execute(database.db)
  return statements
}

function run(program: string, args: string[], settings: Record<string, string>) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, PORT: '0', ...settings }
    execFile(process.execPath, [join(projectRoot, program), ...args], { env, cwd: tmpdir() }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr: stderr.replace(/^Database: .*\n/, '') }),
    )
  })
}

describe('a pooler without a direct URL beside it', () => {
  const sentence = (host: string) =>
    `The connection pooler at ${host} (DATABASE_URL) takes no settings from its clients, such as statement_timeout. Set DATABASE_DIRECT_URL to the URL of PostgreSQL itself.`

  test.for(['refused', 'ignored'] as const)('is refused in one sentence when it has %s our settings', async (options) => {
    const pooler = await startSmallPooler(url, { options })
    const refused = { code: 1, stdout: '', stderr: `${sentence(pooler.host)}\n` }
    expect(await run('server/main.ts', [], { DATABASE_URL: pooler.url })).toEqual(refused)
    expect(await run('server/bulkhead.mjs', ['check'], { DATABASE_URL: pooler.url })).toEqual(refused)
    await pooler.stop()
  })

  test('is refused also when its role has the settings', async () => {
    await obey(await check(url, url))
    const pooler = await startSmallPooler(url, { options: 'ignored' })
    expect(await check(pooler.url)).toBe(sentence(pooler.host))
    await pooler.stop()
  })
})

describe('a pooler beside a direct URL', () => {
  test('needs each setting on its role, and says the statements', async () => {
    await sql.raw(`alter role ${role} set timezone to 'America/New_York'`).execute(database.db)
    const refusal = await check(url, url)
    expect(refusal).toMatch(
      /^Connections through the pooler \(DATABASE_URL\) lack settings that Bulkhead relies on: TimeZone is America\/New_York, not UTC; .*statement_timeout is 0, not 30s; /,
    )
    const statements = await obey(refusal)
    expect(statements).toContain(`ALTER ROLE "${role}" IN DATABASE "${nameOf(url)}" SET TimeZone = 'UTC';`)
    expect(await check(url, url)).toBeUndefined()
  })

  test('that lacks a setting ends the start in one sentence', async () => {
    const statements = await obey(await check(url, url))
    await sql.raw(`alter role ${role} in database ${nameOf(url)} reset statement_timeout`).execute(database.db)
    const again = statements.find((statement) => statement.includes('statement_timeout'))
    expect(await run('server/main.ts', [], { DATABASE_URL: url, DATABASE_DIRECT_URL: url })).toEqual({
      code: 1,
      stdout: '',
      stderr: `Connections through the pooler (DATABASE_URL) lack settings that Bulkhead relies on: statement_timeout is 0, not 30s. Run this in the database, let the pooler reconnect (RECONNECT), then start again: ${again}\n`,
    })
  })

  test.for(['Etc/UTC', 'UTC'])('may call the time zone %s', async (zone) => {
    await obey(await check(url, url))
    await sql.raw(`alter role ${role} in database ${nameOf(url)} set timezone to '${zone}'`).execute(database.db)
    expect(await check(url, url)).toBeUndefined()
  })

  test('is refused when it forgets prepared statements', async () => {
    await obey(await check(url, url))
    const pooler = await startSmallPooler(url, { options: 'refused' })
    expect(await check(pooler.url, url)).toBe(
      `The pooler at ${pooler.host} (DATABASE_URL) forgets prepared statements between transactions. Bulkhead needs PgBouncer 1.21 or newer with max_prepared_statements set, such as 1000, or pool_mode = session.`,
    )
    await pooler.stop()
  })

  test('must lead to the same database, user and schema', async () => {
    await obey(await check(url, url))
    const elsewhere = await createTestDatabase()
    expect(await check(url, elsewhere.url)).toBe(
      `DATABASE_URL and DATABASE_DIRECT_URL lead to two databases (${nameOf(url)} and ${nameOf(elsewhere.url)}). Set both to the same one.`,
    )
    await elsewhere.drop()
    expect(await check(url, database.url)).toBe(
      `DATABASE_URL and DATABASE_DIRECT_URL connect as two users (${role} and bulkhead). Use one for both.`,
    )
    await sql.raw('create schema apart').execute(database.db)
    const direct = new URL(url)
    direct.searchParams.set('options', '-c search_path=apart')
    const refusal = await check(url, direct.href)
    expect(refusal).toMatch(/^DATABASE_URL and DATABASE_DIRECT_URL use two schemas \(public and apart\)\. /)
    await obey(refusal)
    expect(await check(url, direct.href)).toBeUndefined()
  })

  test('that refuses the options of its URL is refused in one sentence', async () => {
    const pooler = await startSmallPooler(url, { options: 'refused' })
    const asking = new URL(pooler.url)
    asking.searchParams.set('options', '-c search_path=apart')
    expect(await check(asking.href, url)).toBe(
      `The pooler at ${pooler.host} (DATABASE_URL) refuses what the URL sets (unsupported startup parameter: options). Remove it from DATABASE_URL, and set it for the role instead.`,
    )
    await pooler.stop()
  })

  test('is not what the direct URL leads to', async () => {
    const pooler = await startSmallPooler(url, { options: 'refused' })
    expect(await check(url, pooler.url)).toBe(
      `${pooler.host} (DATABASE_DIRECT_URL) is a connection pooler. Set DATABASE_DIRECT_URL to the URL of PostgreSQL itself.`,
    )
    await pooler.stop()
  })

  test('that cannot be reached is named by its setting', async () => {
    const nobody = new URL(url)
    nobody.pathname = '/nowhere'
    expect(await check(url, nobody.href)).toMatch(
      /^The database server at \S+ has no database nowhere\. .* DATABASE_DIRECT_URL\.$/,
    )
    expect(await check(nobody.href, url)).toMatch(/^The database server at \S+ has no database nowhere\. .* DATABASE_URL\.$/)
  })
})

test('a login trigger that changes a setting is refused in one sentence', async () => {
  await sql
    .raw(
      `create function slow() returns event_trigger language plpgsql as $$ begin set statement_timeout = 0; end $$;
      create event trigger slow on login execute function slow()`,
    )
    .execute(database.db)
  expect(await check(url)).toBe(
    `The database at ${hostOf(url)} (DATABASE_URL) overrides a setting of Bulkhead’s connections: statement_timeout is 0, not 30s. Remove what sets it, such as a login trigger.`,
  )
})

describe('a database behind a pooler', () => {
  const ask = (db: Database) =>
    sql<{ timeout: string; time: string }>`select current_setting('statement_timeout') as timeout, now() as time`.execute(db)

  test('sends short lookups past the pooler, with settings of their own, and everything else through it', async () => {
    await obey(await check(url, url))
    await sql.raw(`alter role ${role} set work_mem to '5MB'`).execute(database.db)
    const through = new URL(url)
    // Only a session of the pooler's own has it.
    through.searchParams.set('options', '-c work_mem=7MB')
    const db = createDatabase(through.href, { max: 10, direct: url })
    const memory = preparedFirst((on) => on.selectNoFrom(sql<string>`current_setting('work_mem')`.as('memory')))
    const reader = acquire(db, { class: 'read', owner: 'one' })
    expect(await memory(acquire(db, { class: 'write', owner: 'one' }))).toEqual({ memory: '7MB' })
    await expect.poll(() => memory(reader)).toEqual({ memory: '5MB' })
    expect((await ask(db)).rows[0]?.timeout).toBe('30s')
    await db.destroy()
  })

  test('gives no connection that has lost a setting since the start', async () => {
    await obey(await check(url, url))
    const db = createDatabase(url, { max: 10, direct: url })
    await db.connection().execute(async (one) => {
      expect((await ask(one)).rows[0]?.time).toMatch(/Z$/)
      await sql.raw(`alter role ${role} in database ${nameOf(url)} reset statement_timeout`).execute(database.db)
      // A second one.
      await expect(ask(db)).rejects.toThrow('the pooler of DATABASE_URL has lost a setting: statement_timeout is 0, not 30s')
      expect((await ask(one)).rows[0]?.timeout).toBe('30s')
    })
    await db.destroy()
  })
})
