import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { StartError } from '#config/start-error'
import { keyIdOf } from '#config/settings'
import { type Database, createDatabase } from '#db/client'
import { readSnapshot } from '#db/dump/snapshot'
import { listTables } from '#db/dump/tables'
import { appliedMigrations, knownMigrations, migrateTo, migrateToLatest } from '#db/migrate'
import { holdBack } from '#domain/maintenance/restore-holds'
import { sealAudit } from '#domain/audit/sealing'
import { nukeProject } from '#domain/nuke/nuke'
import { backUpTo, connected, dumped as dumpedWhole, flaws } from '#test/support/database/backups'
import { createTestDatabase } from '#test/support/database/database'
import { createWorld } from '#test/support/world/world'
import { stageDemo } from '#demo/demo'
import { openDatabase } from '../postgres/open-database.ts'
import { backUp } from './backup.ts'
import { writeBackup } from './format.ts'
import { signingKey } from './keys.ts'
import { restore, savedFile } from './restore.ts'
import { fileTarget } from './target.ts'

vi.setConfig({ testTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'bulkhead-backup-'))
afterAll(() => rmSync(folder, { recursive: true }))

const source = await createTestDatabase()
afterAll(() => source.drop())
beforeAll(async () => {
  await openDatabase(source.db)
  await stageDemo(source.db, 'correct horse battery', () => {})
  await sealAudit(source.db)
})

const file = join(folder, 'whole.backup')
beforeAll(() => backUpTo(source.db, file))

const holds = ['tokens', 'sending'] as const
const restoreInto = async (db: Database, path = file) =>
  restore(db, await savedFile(path), {
    onProgress: () => {},
    finish: (trx, { createdAt, version }) => holdBack(trx, { backupOf: createdAt, version, holds: [...holds] }),
  })

/** A database without tables, or one that a first start has just migrated. */
async function target(options: { bare?: boolean } = { bare: true }) {
  const database = await createTestDatabase({ ...options, max: 2 })
  onTestFinished(() => database.drop())
  return database
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof StartError ? error.message : Promise.reject(error as Error)),
  )

/** The restore itself is one event of the audit log. */
const withoutItself = ({ audit_events: events, ...rest }: Record<string, string[]>) => ({
  ...rest,
  audit_events: events!.filter((row) => !row.includes('database.restored')),
})
const dumped = async (db: Database) => withoutItself(await dumpedWhole(db))

describe('a restore', () => {
  test.for([{ bare: true }, { bare: false }])('brings back every row of every table, into %o', async (options) => {
    const { db } = await target(options)
    const { rows } = await restoreInto(db)
    const before = await dumped(source.db)
    expect(await dumped(db)).toEqual(before)
    expect(rows).toBe(Object.values(before).flat().length)
    expect(rows).toBeGreaterThan(1000)
    expect(await flaws(db)).toEqual([])
    await openDatabase(db)
  })

  test('keeps what protects and joins the tables', async () => {
    const { db } = await target()
    await restoreInto(db)
    const shape = (on: Database) =>
      sql`select conrelid::regclass::text as on, conname, pg_get_constraintdef(oid) as is, convalidated from pg_constraint
        where connamespace = 'public'::regnamespace union all
        select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled = 'O' from pg_trigger
        where not tgisinternal and tgrelid::regclass::text not like 'graphile%' order by 1, 2`.execute(on)
    expect((await shape(db)).rows).toEqual((await shape(source.db)).rows)
    await expect(sql`delete from audit_events`.execute(db)).rejects.toThrow('audit events are neither changed nor deleted')
  })

  test('ends sessions, holds tokens and sending back, and says so in the audit log', async () => {
    const { db } = await target()
    await restoreInto(db)
    const { rows } = await sql`select (select count(*) from sessions) as sessions,
      (select array_agg(what order by what) from restore_holds) as holds,
      (select after ->> 'version' from audit_events where action = 'database.restored') as version`.execute(db)
    expect(rows).toEqual([{ sessions: 0, holds: ['sending', 'tokens'], version: '0.1.0' }])
  })

  test('is refused where somebody has begun, and changes nothing', async () => {
    const { db, url } = await target({ bare: false })
    await connected(url, (other) => createWorld(other))
    const before = await dumped(source.db)
    expect(await refusal(restoreInto(db))).toMatch(/^The database is not empty\. Restore into an empty one/)
    expect(await refusal(restoreInto(source.db))).toMatch(/^The database is (not empty|in use)/)
    expect(await dumped(source.db)).toEqual(before)
  })

  test('is refused in a database of another program', async () => {
    const { db, url } = await target()
    await connected(url, (other) => sql`create table users (name text)`.execute(other))
    expect(await refusal(restoreInto(db))).toBe('The database has tables of another program. Restore into a database of its own.')
  })

  test('is refused while another program is connected', async () => {
    const { db, url } = await target()
    const other = createDatabase(url, { max: 1 })
    await sql`select 1`.execute(other)
    expect(await refusal(restoreInto(db))).toMatch(/^The database is in use by another program/)
    await other.destroy()
    await restoreInto(db)
  })

  test('changes nothing when the database refuses a row', async () => {
    const { db } = await target()
    const broken = join(folder, 'broken.backup')
    await write(broken, {}, (name, rows) => (name === 'entities' ? rows.replace('\n', '\textra\n') : rows))
    expect(await refusal(restoreInto(db, broken))).toMatch(/^The database refused the backup, and nothing was restored/)
    expect(Object.values(await dumped(db)).flat()).toEqual([])
    await restoreInto(db)
  })
})

/** The backup of the source with another head or other rows, signed. */
async function write(path: string, changes: object, rowsOf = (_name: string, rows: string) => rows, db = source.db) {
  const out = await fileTarget(path)
  await readSnapshot(db, async ({ migrations, tables, postgres, sealedBy, read }) => {
    const keys = { signed: keyIdOf(signingKey()), sealed: sealedBy }
    const head = { version: '9.9.9', createdAt: '2026-11-30T12:00:00.000Z', postgres, migrations, keys, tables, ...changes }
    const changed = (table: (typeof tables)[number]) => {
      const rows = read(table)
      async function* all() {
        let text = ''
        for await (const chunk of rows) text += String(chunk)
        yield Buffer.from(rowsOf(table.name, text))
      }
      const stream = all()
      return Object.defineProperty(stream, 'rowCount', { get: () => rows.rowCount }) as typeof stream & { rowCount: number }
    }
    for await (const piece of writeBackup(head, { read: changed, key: signingKey(), onBytes: () => {} })) await out.write(piece)
  })
  await out.finish()
}

describe('a backup of another time', () => {
  test('is restored at its own level and migrated forward', async () => {
    const old = await target()
    const known = await knownMigrations()
    const level = '20261130130000-webhook-pauses'
    await connected(old.url, async (db) => {
      await migrateTo(db, level)
      await sql`insert into users (id, email, name) values (gen_random_uuid(), 'ada@example.com', 'Ada')`.execute(db)
      await sql`insert into organizations (id, slug, name) values (gen_random_uuid(), 'old', 'Old')`.execute(db)
      // A value that a migration has added to its enum.
      await sql`insert into notices (id, user_id, org_id, kind)
        select gen_random_uuid(), u.id, o.id, 'account-taken-over' from users u, organizations o`.execute(db)
    })
    const path = join(folder, 'old.backup')
    await backUpTo(old.db, path)
    for (const options of [{ bare: true }, { bare: false }]) {
      const { db } = await target(options)
      await restoreInto(db, path)
      expect(await appliedMigrations(db)).toEqual(known)
      const { rows } = await sql`select slug from organizations`.execute(db)
      expect(rows).toEqual([{ slug: 'old' }])
      expect(await migrateToLatest(db)).toEqual([])
    }
  })

  test('is refused when it is newer, and when it lacks a migration', async () => {
    const known = await knownMigrations()
    const { db } = await target()
    const newer = join(folder, 'newer.backup')
    await write(newer, { migrations: [...known, '20990101000000-later'] })
    expect(await refusal(restoreInto(db, newer))).toBe(
      `${newer} is of Bulkhead 9.9.9, whose database is newer than that of this version (0.1.0). Install that version or a newer one.`,
    )
    const gap = join(folder, 'gap.backup')
    await write(gap, { migrations: known.toSpliced(3, 1) })
    expect(await refusal(restoreInto(db, gap))).toMatch(/lacks a migration in between/)
    expect(await listTables(db)).toEqual([])
  })
})

describe('a file', () => {
  test('that is cut off, edited or missing is refused, and nothing is changed', async () => {
    const { db } = await target()
    const whole = readFileSync(file)
    const torn = join(folder, 'torn.backup')
    for (let i = 0; i < 12; i++) {
      writeFileSync(torn, whole)
      truncateSync(torn, Math.floor((whole.length * i) / 12))
      expect(await refusal(restoreInto(db, torn))).toBe(`${torn} is cut off, so nothing was restored.`)
      const edited = Buffer.from(whole)
      edited[100 + Math.floor((whole.length * i) / 13)]! ^= 4
      writeFileSync(torn, edited)
      expect(await refusal(restoreInto(db, torn))).toMatch(/(changed after it was written|cut off|different secret)/)
    }
    expect(await refusal(restoreInto(db, join(folder, 'none')))).toBe(`There is no file ${join(folder, 'none')}.`)
    expect(await refusal(restoreInto(db, folder))).toMatch(/is not a file/)
    expect(await listTables(db)).toEqual([])
  })

  test('of another secret is refused, and opens with it as a previous one', async () => {
    onTestFinished(() => void vi.unstubAllEnvs())
    const [first, second] = ['the first secret of this server', 'the second secret of this server'].map((one) =>
      one.padEnd(40, '.'),
    )
    const theirs = await createTestDatabase()
    onTestFinished(() => theirs.drop())
    vi.stubEnv('BULKHEAD_SECRET', first)
    await openDatabase(theirs.db)
    await createWorld(theirs.db)
    const path = join(folder, 'theirs.backup')
    await backUpTo(theirs.db, path)

    const { db } = await target()
    vi.stubEnv('BULKHEAD_SECRET', second)
    expect(await refusal(restoreInto(db, path))).toMatch(/^This backup was made with a different secret than this server’s/)
    expect(await listTables(db)).toEqual([])
    vi.stubEnv('BULKHEAD_PREVIOUS_SECRETS', first)
    await restoreInto(db, path)
    await openDatabase(db)
  })

  test('can be read by its owner only, replaces another one whole, and follows a link', async () => {
    const path = join(folder, 'mine.backup')
    writeFileSync(path, 'an earlier backup', { mode: 0o644 })
    const link = join(folder, 'newest')
    symlinkSync(path, link)
    await backUpTo(source.db, link)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path).subarray(0, 16).toString()).toBe('bulkhead backup ')
    expect(readFileSync(link)).toEqual(readFileSync(path))
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('that cannot be written is refused in a sentence and leaves nothing', async () => {
    const closed = join(folder, 'closed')
    expect(await refusal(backUpTo(source.db, join(closed, 'x')))).toBe(
      `${join(closed, 'x')} can’t be written: its folder does not exist.`,
    )
    expect(await refusal(backUpTo(source.db, folder))).toMatch(/is not a file/)
    expect(await refusal(backUpTo(source.db, '/dev/null'))).toMatch(/is not a file/)
    chmodSync(folder, 0o755)
  })
})

test('a backup whose connection is ended fails in a sentence and leaves nothing', async () => {
  const path = join(folder, 'ended.backup')
  const out = await fileTarget(path)
  const write = async (bytes: Buffer) => {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state = 'idle in transaction'`.execute(source.db)
    await out.write(bytes)
  }
  expect(await refusal(backUp(source.db, { ...out, write }, () => {}))).toMatch(/^The database could not be backed up: /)
  expect(readdirSync(folder).filter((name) => name.includes('ended'))).toEqual([])
})

test('a backup is of one moment, whatever is written meanwhile', async () => {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  await openDatabase(database.db)
  const world = await createWorld(database.db)
  const doomed = await world.project('doomed')
  const path = join(folder, 'moment.backup')
  const out = await fileTarget(path)
  let writing: Promise<unknown> | undefined
  // The first piece that is written shows that the snapshot is taken.
  const write = async (bytes: Buffer) => {
    writing ??= (async () => {
      await nukeProject(await world.inside(doomed), { confirm: 'doomed' })
      await world.project('later')
    })()
    await writing
    await out.write(bytes)
  }
  await backUp(database.db, { ...out, write }, () => {})
  const { db } = await target()
  await restoreInto(db, path)
  const { rows } = await sql`select slug, generation, (select count(*) from wipes) as wipes from projects`.execute(db)
  expect(rows).toEqual([{ slug: 'doomed', generation: 1, wipes: 0 }])
  expect(await flaws(db)).toEqual([])
})
