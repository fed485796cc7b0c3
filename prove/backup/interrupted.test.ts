import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { projectRoot } from '#config/config'
import { StartError } from '#config/start-error'
import { listTables } from '#db/dump/tables'
import { openDatabase } from '#server/postgres/open-database'
import { restoreFrom } from '#test/support/database/backups'
import { createTestDatabase } from '#test/support/database/database'
import { progress, report, scaleOf } from '#test/support/outcome'
import { createWorld } from '#test/support/world/world'

/** A test of the command line kills one in every test run. */
const TIMES = scaleOf('backup', 0)
const folder = mkdtempSync(join(tmpdir(), 'bulkhead-interrupted-'))
const source = await createTestDatabase()
const target = await createTestDatabase({ bare: true, max: 1 })
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await source.drop()
  await target.drop()
})

beforeAll(async () => {
  await openDatabase(source.db)
  if (TIMES === 0) return
  const { org } = await createWorld(source.db)
  // Random text, which compresses badly: a backup takes long enough to be killed anywhere.
  for (let i = 0; i < 10; i++)
    await sql`insert into audit_events (id, org_id, actor_kind, actor_name, action, target_kind, target_id)
      select gen_random_uuid(), ${org.id}, 'system', repeat(gen_random_uuid()::text, 3), 'user.created', 'user', gen_random_uuid()::text
      from generate_series(1, 10000)`.execute(source.db)
}, 0)

/** Kills a backup after that part of the time that a whole one takes. Returns the files that are left. */
async function interrupted(file: string, after: number): Promise<string[]> {
  const env = { ...process.env, DATABASE_URL: source.url }
  const args = [join(projectRoot, 'server/cli/cli.ts'), 'backup', file]
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' })
  const exited = once(child, 'exit')
  await vi.waitUntil(() => readdirSync(folder).length > 0 || child.exitCode !== null, { timeout: 60_000, interval: 1 })
  const timer = setTimeout(() => child.kill('SIGKILL'), after)
  await exited
  clearTimeout(timer)
  return readdirSync(folder)
}

test.skipIf(TIMES === 0)('no backup that is killed leaves a file that restores', { timeout: 0 }, async () => {
  const since = performance.now()
  expect(await interrupted(join(folder, 'whole.backup'), 600_000)).toEqual(['whole.backup'])
  const whole = performance.now() - since
  rmSync(join(folder, 'whole.backup'))
  const failures: string[] = []
  let killed = 0
  // Some are done before they are killed, more of them the later that is.
  for (let i = 0; killed < TIMES; i++) {
    progress(killed, TIMES)
    const name = `${i}.backup`
    const left = await interrupted(join(folder, name), (whole / 2) * ((i % TIMES) / TIMES))
    if (left.includes(name)) {
      // Then it is whole.
      if (left.length > 1) failures.push(`${name} is there, and so is ${left.join()}`)
    } else {
      killed++
      for (const part of left) {
        const outcome = await restoreFrom(target.db, join(folder, part)).catch((error: unknown) => error)
        if (!(outcome instanceof StartError)) failures.push(`${part} was restored: ${String(outcome)}`)
        if ((await listTables(target.db)).length > 0) failures.push(`${part} changed the database`)
      }
    }
    for (const one of left) rmSync(join(folder, one))
  }
  expect(report({ what: 'backups killed with SIGKILL: none leaves a file that restores', tried: killed, failures })).toEqual([])
})
