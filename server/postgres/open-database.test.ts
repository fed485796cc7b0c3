import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { findCanary } from '#db/queries/crypto/sealing-canary'
import { createTestDatabase } from '#test/support/database/database'
import { sealAudit } from '#domain/audit/sealing'
import { createUser } from '#domain/accounts/users'
import { rotateCanary } from '#domain/crypto/sealing-canary'
import { projectRoot } from '#config/config'
import { version } from '#config/version'
import { openDatabase } from './open-database.ts'
import { StartError } from '#config/start-error'

// Some tests start the real programs.
vi.setConfig({ testTimeout: 120_000 })

const ours = 'the secret that this database was sealed with'
const other = 'the secret of quite another database, as long'
const sentence =
  'This database was encrypted with a different secret than this server’s (BULKHEAD_SECRET, or the file `secret` in the data folder). Restore the earlier secret, or add it to BULKHEAD_PREVIOUS_SECRETS.'

let database: Awaited<ReturnType<typeof createTestDatabase>>
beforeEach(async () => {
  database = await createTestDatabase()
  known(ours)
})
afterEach(() => database.drop())

function known(secret: string, previous = '') {
  vi.stubEnv('BULKHEAD_SECRET', secret)
  vi.stubEnv('BULKHEAD_PREVIOUS_SECRETS', previous)
}
const open = () => openDatabase(database.db)
const refusal = () =>
  open().then(
    () => 'opened',
    (error: unknown) => error,
  )
const wrong = new StartError(sentence)

/** Runs the server, or a command, with these settings. */
function run(program: 'server/main.ts' | 'server/bulkhead.mjs', args: string[], settings: Record<string, string>) {
  return new Promise<{ code: number; stderr: string }>((resolve) => {
    const env = { ...process.env, BULKHEAD_LOG_LEVEL: 'error', BULKHEAD_PREVIOUS_SECRETS: '', PORT: '0', ...settings }
    execFile(process.execPath, [join(projectRoot, program), ...args], { env, cwd: tmpdir() }, (error, _stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stderr: stderr.replace(/^Database: .*\n/, '') }),
    )
  })
}
const serve = (settings: Record<string, string>) => run('server/main.ts', [], settings)
const command = (args: string[], settings: Record<string, string>) => run('server/bulkhead.mjs', args, settings)

describe('opens a database only with the secret that sealed it', () => {
  test('seals a canary at the first start and recognizes it later', async () => {
    await open()
    const canary = await findCanary(database.db)
    expect(canary).toBeDefined()
    await open()
    expect(await findCanary(database.db)).toEqual(canary)
    known(other)
    expect(await refusal()).toEqual(wrong)
    expect(await findCanary(database.db)).toEqual(canary)
  })

  test('opens with a previous secret until the canary is rotated', async () => {
    await open()
    known(other, ours)
    await open()
    known(ours)
    await open()
    known(other, ours)
    await rotateCanary(database.db)
    known(other)
    await open()
    known(ours)
    expect(await refusal()).toEqual(wrong)
  })

  test('refuses a canary that was changed', async () => {
    await open()
    await database.db
      .updateTable('sealing_canary')
      .set({ sealed: Buffer.alloc(40) })
      .execute()
    expect(await refusal()).toEqual(wrong)
  })

  test('adds a canary to an older database, unless its sealed data contradicts', async () => {
    await createUser(database.db, { email: 'ada@example.com', name: 'Ada' })
    await sealAudit(database.db)
    known(other)
    expect(await refusal()).toEqual(wrong)
    expect(await findCanary(database.db)).toBeUndefined()
    known(other, ours)
    await open()
    expect(await findCanary(database.db)).toBeDefined()
  })
})

describe('the server and the command line', () => {
  const at = (secret: string) => ({ DATABASE_URL: database.url, BULKHEAD_SECRET: secret })

  test('refuse the wrong secret in one sentence', async () => {
    await open()
    expect(await serve(at(other))).toEqual({ code: 1, stderr: `${sentence}\n` })
    expect(await command(['check'], at(other))).toEqual({ code: 1, stderr: `${sentence}\n` })
    expect(await command(['check'], at(ours))).toMatchObject({ code: 0 })
    expect(await command(['check'], { ...at(other), BULKHEAD_PREVIOUS_SECRETS: ours })).toMatchObject({ code: 0 })
    // Without the secret, nothing sealed can be read.
    expect(await command(['check'], at(''))).toMatchObject({ code: 0 })
  })

  test('refuse a database that a newer version has migrated in one sentence', async () => {
    await open()
    const newer = '20990101000000-later'
    await sql`insert into kysely_migration (name, timestamp) values (${newer}, now()::text)`.execute(database.db)
    const stderr = `A newer version of Bulkhead has migrated this database (${newer}), and this is version ${version}. Start the newer version, or restore a backup from before the upgrade into an empty database.\n`
    expect(await serve(at(ours))).toEqual({ code: 1, stderr })
    for (const args of [['check'], ['backup', '-']]) expect(await command(args, at(ours))).toEqual({ code: 1, stderr })
  })

  test('refuses one of two concurrent first starts with two secrets', async () => {
    const secrets = [ours, other, ours, other]
    const codes = await Promise.all(secrets.map(async (secret) => (await command(['check'], at(secret))).code))
    expect([
      [0, 1, 0, 1],
      [1, 0, 1, 0],
    ]).toContainEqual(codes)
  })

  test('`rotate-secrets` moves the database to the new secret, and a lost secret can be given up', async () => {
    await open()
    expect(await command(['rotate-secrets'], at(other))).toEqual({ code: 1, stderr: `${sentence}\n` })
    expect(await command(['rotate-secrets'], at(''))).toEqual({
      code: 1,
      stderr: 'Set BULKHEAD_SECRET: stored secrets are encrypted with keys derived from it.\n',
    })
    expect(await command(['rotate-secrets'], { ...at(other), BULKHEAD_PREVIOUS_SECRETS: ours })).toMatchObject({ code: 0 })
    expect(await command(['check'], at(other))).toMatchObject({ code: 0 })
    expect(await command(['check'], at(ours))).toMatchObject({ code: 1 })
    expect(await command(['rotate-secrets', '--previous', 'lost'], at(ours))).toMatchObject({ code: 0 })
    expect(await command(['check'], at(ours))).toMatchObject({ code: 0 })
    expect(await command(['rotate-secrets', '--previous', other], at(ours))).toMatchObject({ code: 2 })
  })
})

describe('our own database without its secret file', () => {
  let dataDir = ''
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'bulkhead-secret-'))
    // mkdtemp closes the folder to other users, and root's PostgreSQL runs as one of them.
    chmodSync(dataDir, 0o755)
  })
  afterEach(() => rmSync(dataDir, { recursive: true }))

  test('is refused with a new secret and with another one', async () => {
    const own = { DATABASE_URL: '', BULKHEAD_SECRET: '', BULKHEAD_DATA_DIR: dataDir }
    const file = join(dataDir, 'secret')
    expect(await command(['check'], own)).toMatchObject({ code: 0 })
    const original = readFileSync(file, 'utf8')
    const missing = `The secret in ${file} is missing, and the database beside it was encrypted with it. Restore the file, or set BULKHEAD_SECRET to the secret.\n`

    rmSync(file)
    expect(await serve(own)).toEqual({ code: 1, stderr: missing })
    expect(await command(['check'], own)).toEqual({ code: 1, stderr: missing })
    expect(existsSync(file)).toBe(false)
    writeFileSync(file, '')
    expect(await command(['check'], own)).toEqual({ code: 1, stderr: missing })
    expect(await command(['check'], { ...own, BULKHEAD_SECRET: original.trim() })).toMatchObject({ code: 0 })

    writeFileSync(file, 'f'.repeat(64))
    expect(await serve(own)).toEqual({ code: 1, stderr: `${sentence}\n` })
    expect(await command(['check'], own)).toEqual({ code: 1, stderr: `${sentence}\n` })
    writeFileSync(file, original)
    expect(await command(['check'], own)).toMatchObject({ code: 0 })
  })
})
