import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createTestDatabase } from '#test/support/database/database'
import { sealAudit } from '#domain/audit/sealing'
import { type Person, createUser } from '#domain/accounts/users'
import { projectRoot } from '#config/config'
import { auditVerify } from './audit-verify.ts'
import { UsageError } from './usage-error.ts'
import { createOrganization } from '#domain/organizations/organizations'
import { addOrganizationMember, grantOwner } from '#domain/organizations/members'

// Each command starts a process.
vi.setConfig({ testTimeout: 120_000 })

const SECRET = 'a secret of the tests: long enough to be one'
vi.stubEnv('BULKHEAD_SECRET', SECRET)
const database = await createTestDatabase()
const { db } = database
afterAll(() => database.drop())

/** Runs the real program on the test database. */
function bulkhead(args: string[], settings: Record<string, string> = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, DATABASE_URL: database.url, BULKHEAD_SECRET: SECRET, BULKHEAD_LOG_LEVEL: '', ...settings }
    execFile(process.execPath, [join(projectRoot, 'server/bulkhead.mjs'), ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr: stderr.replace(/^Database: .*\n/, '') })
    })
  })
}
const verify = (...args: string[]) => bulkhead(['audit', 'verify', ...args])

test.each([
  [['--expect', `3:${'a'.repeat(64)}`], '--expect requires --org'],
  [['--org', 'acme', '--expect', 'abc'], '--expect must be SEQ:HASH, as printed by an earlier run'],
  [['--org', 'acme', '--expect', `0:${'a'.repeat(64)}`], '--expect must be SEQ:HASH, as printed by an earlier run'],
])('refuses %j', async (args, sentence) => {
  await expect(auditVerify.prepare(args)).rejects.toThrow(new UsageError(sentence))
})

test('refuses to run without the secret, in one sentence', async () => {
  expect(await bulkhead(['audit', 'verify'], { BULKHEAD_SECRET: '' })).toEqual({
    code: 1,
    stdout: '',
    stderr: 'Set BULKHEAD_SECRET to the server’s secret: the audit log is sealed with a key derived from it.\n',
  })
})

test('uses the secret of Bulkhead’s own database', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'bulkhead-audit-'))
  // mkdtemp closes the folder to other users, and root's PostgreSQL runs as one of them.
  chmodSync(dataDir, 0o755)
  const own = { DATABASE_URL: '', BULKHEAD_SECRET: '', BULKHEAD_DATA_DIR: dataDir }
  const create = ['user', 'create', '--email', 'ada@example.com', '--name', 'Ada']
  expect(await bulkhead(create, own)).toMatchObject({ code: 0 })
  expect(await bulkhead(['audit', 'verify'], own)).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(/^-: intact; no event sealed, 1 not sealed since \S+Z\n$/) as string,
  })
  expect(readFileSync(join(dataDir, 'secret'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
  rmSync(dataDir, { recursive: true, force: true })
})

describe('in sequence', () => {
  let acme: string
  let org: { id: string }
  let bob: Person
  beforeAll(async () => {
    const owner = await createUser(db, { email: 'ada@example.com', name: 'Ada' })
    org = await createOrganization(db, { slug: 'acme', name: 'Acme', owner })
    await createOrganization(db, { slug: 'other', name: 'Other' })
    bob = await createUser(db, { email: 'bob@example.com', name: 'Bob' })
    await addOrganizationMember(db, org, bob, 'member')
    await sealAudit(db)
  })

  test('prints the end of each chain to stdout and the verdict to stderr', async () => {
    const { code, stdout, stderr } = await verify()
    expect(code).toBe(0)
    expect(stdout).toMatch(/^- 2:[0-9a-f]{64}\nacme 2:[0-9a-f]{64}\nother 1:[0-9a-f]{64}\n$/)
    expect(stderr).toBe('-: intact; 2 events sealed\nacme: intact; 2 events sealed\nother: intact; 1 event sealed\n')
    acme = /acme (\S+)/.exec(stdout)![1]!
  })

  test('compares an end that was saved earlier, even after more events', async () => {
    await grantOwner(db, org, bob)
    const { code, stderr } = await verify('--org', 'acme', '--expect', acme)
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^acme: intact; 2 events sealed, 1 not sealed since \S+Z\n$/) as string,
    })
    const wrong = await verify('--org', 'acme', '--expect', `2:${'0'.repeat(64)}`)
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('differs from the expected hash') as string })
    expect(await verify('--org', 'nowhere')).toMatchObject({ code: 1, stderr: 'There is no organization nowhere.\n' })
  })

  test('reports another secret, unless the previous one is given or was rotated', async () => {
    const wrongSecret = expect.stringContaining('was encrypted with a different secret') as string
    const next = { BULKHEAD_SECRET: 'the next secret of the tests: long enough' }
    const unknown = await bulkhead(['audit', 'verify', '--org', 'other'], next)
    expect(unknown).toMatchObject({ code: 1, stderr: wrongSecret })
    const both = { ...next, BULKHEAD_PREVIOUS_SECRETS: SECRET }
    expect(await bulkhead(['audit', 'verify', '--org', 'other'], both)).toMatchObject({ code: 0 })
    expect(await bulkhead(['rotate-secrets'], { ...next, BULKHEAD_PREVIOUS_SECRETS: 'x'.repeat(32) })).toMatchObject({
      code: 1,
      stderr: wrongSecret,
    })
    const retired = { key_id: 'older', sealed: Buffer.alloc(60), sealed_by: 'an older secret' }
    await db.insertInto('audit_keys').values(retired).execute()
    expect(await bulkhead(['rotate-secrets'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The audit log has keys of a secret that was not given') as string,
    })
    await db.deleteFrom('audit_keys').where('key_id', '=', retired.key_id).execute()
    expect(await bulkhead(['rotate-secrets'], both)).toMatchObject({ code: 0 })
    expect(await bulkhead(['audit', 'verify', '--org', 'other'], next)).toMatchObject({ code: 0 })
    const back = { BULKHEAD_PREVIOUS_SECRETS: next.BULKHEAD_SECRET }
    expect(await bulkhead(['rotate-secrets'], back)).toMatchObject({ code: 0 })
  })

  test('reports changed and deleted events with their number, their id and what is wrong', async () => {
    const { rows } = await sql<{ id: string }>`select id from audit_events where org_id is null and seq = 1`.execute(db)
    await db.transaction().execute(async (trx) => {
      await sql`alter table audit_events disable trigger user`.execute(trx)
      await sql`update audit_events set target_name = 'eve@example.com' where id = ${rows[0]!.id}`.execute(trx)
      await sql`delete from audit_events where seq = 2 and org_id is not null`.execute(trx)
      await sql`alter table audit_events enable trigger user`.execute(trx)
    })
    const { code, stderr } = await verify()
    expect(code).toBe(1)
    expect(stderr.split('\n')).toEqual([
      '-: 1 mismatch; 2 events sealed',
      `  #1 ${rows[0]!.id} was changed or moved after it was sealed`,
      expect.stringMatching(/^acme: 1 mismatch; 2 events sealed, 1 not sealed since/) as string,
      '  #2 this event is missing: the end of the chain was removed',
      'other: intact; 1 event sealed',
      'Found 2 mismatches.',
      '',
    ])
  })
})
