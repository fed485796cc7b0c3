import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { projectRoot } from '#config/config'
import { listTables } from '#db/dump/tables'
import { stageDemo } from '#demo/demo'
import { createTestDatabase } from '#test/support/database/database'
import { openDatabase } from '../postgres/open-database.ts'

// Each command starts a process.
vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'bulkhead-cli-backup-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'acme.backup')

const source = await createTestDatabase()
afterAll(() => source.drop())
beforeAll(async () => {
  await openDatabase(source.db)
  await stageDemo(source.db, 'correct horse battery', () => {})
})

async function target() {
  const database = await createTestDatabase({ bare: true, max: 1 })
  onTestFinished(() => database.drop())
  return database
}

const program = join(projectRoot, 'server/bulkhead.mjs')
const settings = (url: string, more: Record<string, string> = {}) => ({
  ...process.env,
  DATABASE_URL: url,
  BULKHEAD_LOG_LEVEL: '',
  ...more,
})

/** Runs the real program on this database. */
function bulkhead(url: string, args: string[], { input, more }: { input?: Buffer; more?: Record<string, string> } = {}) {
  return new Promise<{ code: number; stdout: Buffer; stderr: string }>((resolve) => {
    const options = { env: settings(url, more), encoding: 'buffer' as const, maxBuffer: 2 ** 30 }
    const child = execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr: stderr.toString().replace(/^Database: .*\n/, '') }),
    )
    child.stdin?.end(input)
  })
}

test('a file brings everything into another database, which then says what it holds back', async () => {
  const written = await bulkhead(source.url, ['backup', file])
  expect(written).toMatchObject({ code: 0, stdout: Buffer.alloc(0) })
  expect(written.stderr).toMatch(/^Backed up [\d,]+ rows of \d+ tables, \d+ kB\.\n$/)
  expect(statSync(file).mode & 0o777).toBe(0o600)

  const { url, db } = await target()
  const restored = await bulkhead(url, ['restore', file])
  expect(restored.code, restored.stderr).toBe(0)
  expect(restored.stderr).toMatch(/^Restored [\d,]+ rows of 2\d{3}-/)
  expect(restored.stderr).toContain('Tokens are off since the restore. Turn this on with: npx bulkhead resume tokens')
  expect(restored.stderr).toContain('acme-fleet/payments: no differences')
  expect(restored.stderr).toContain('acme-fleet: intact')

  expect((await bulkhead(url, ['resume'])).stderr).toBe(
    'Tokens are off since the restore.\nWebhook deliveries and mails wait since the restore.\n',
  )
  expect((await bulkhead(url, ['resume', 'tokens'])).stderr).toBe('Tokens work again.\n')
  expect((await bulkhead(url, ['resume', 'sending'])).stderr).toBe('Webhook deliveries and mails are sent again.\n')
  expect((await bulkhead(url, ['resume', 'sending'])).stderr).toBe('It was on already; nothing was changed.\n')
  expect((await bulkhead(url, ['resume'])).stderr).toBe('Nothing is off.\n')
  expect(await bulkhead(url, ['resume', 'all'])).toMatchObject({ code: 2 })
  const { rows } =
    await sql`select action, after ->> 'what' as what from audit_events where target_kind = 'database' order by id`.execute(db)
  expect(rows).toEqual([
    { action: 'database.restored', what: null },
    { action: 'database.resumed', what: 'tokens' },
    { action: 'database.resumed', what: 'sending' },
  ])
})

test('a pipe carries a backup from one database into another, with everything on at once', async () => {
  const { stdout, code } = await bulkhead(source.url, ['backup', '-'])
  expect(code).toBe(0)
  const torn = await target()
  expect(await bulkhead(torn.url, ['restore', '-'], { input: stdout.subarray(0, -1) })).toMatchObject({
    code: 1,
    stderr: 'The standard input is cut off, so nothing was restored.\n',
  })
  expect(await listTables(torn.db)).toEqual([])

  const { url, db } = await target()
  const restored = await bulkhead(url, ['restore', '-', '--tokens', 'keep', '--resume'], { input: stdout })
  expect(restored.code, restored.stderr).toBe(0)
  expect(restored.stderr).not.toContain('since the restore')
  expect((await sql`select from restore_holds`.execute(db)).rows).toEqual([])
})

test('needs the secret, and says so', async () => {
  const secret = 'Set BULKHEAD_SECRET to the server’s secret: a backup is signed with a key derived from it.\n'
  const none = { more: { BULKHEAD_SECRET: '' } }
  expect(await bulkhead(source.url, ['backup', file], none)).toMatchObject({ code: 1, stderr: secret })
  const { url } = await target()
  expect(await bulkhead(url, ['restore', file], none)).toMatchObject({ code: 1, stderr: secret })
  const other = { more: { BULKHEAD_SECRET: 'quite another secret, and as long as it must be' } }
  expect((await bulkhead(source.url, ['backup', file], other)).stderr).toMatch(
    /^This database was encrypted with a different secret/,
  )
  expect((await bulkhead(url, ['restore', file], other)).stderr).toMatch(/^This backup was made with a different secret/)
})

test('a backup that is killed leaves the earlier one, and nothing that restores', async () => {
  writeFileSync(file, 'an earlier backup')
  const child = spawn(process.execPath, [program, 'backup', file], { env: settings(source.url), detached: true, stdio: 'ignore' })
  const isPart = (name: string) => name.endsWith('.part')
  await vi.waitUntil(() => readdirSync(folder).some(isPart), { timeout: 60_000, interval: 1 })
  process.kill(-child.pid!, 'SIGKILL')
  await once(child, 'exit')
  // It may have been done at that very moment; then there is no part, and the file is whole.
  const part = readdirSync(folder).find(isPart)
  const { url, db } = await target()
  const { stderr } = await bulkhead(url, ['restore', part === undefined ? file : join(folder, part)])
  expect(stderr).toMatch(part === undefined ? /^Restored / : / is cut off, so nothing was restored\.\n$/)
  expect((await listTables(db)).length > 0).toBe(part === undefined)
  expect(readFileSync(file, 'utf8') === 'an earlier backup').toBe(part !== undefined)
})
