import { sql } from 'kysely'
import { afterAll, expect, test, vi } from 'vitest'
import { createTestDatabase } from '#test/support/database/database'
import { verifyAudit } from '#domain/audit/verification'
import { createUser } from '#domain/accounts/users'
import { createWorld } from '#test/support/world/world'
import { prepareJobs, startJobs } from './worker.ts'

const database = await createTestDatabase()
const { db } = database
await prepareJobs(database.url)
const jobs = [await startJobs(db, database.url), await startJobs(db, database.url)]
afterAll(async () => {
  for (const one of jobs) await one.stop()
  await database.drop()
})

/** Waits until all events are sealed. Returns how many there are. */
async function sealed(): Promise<number> {
  return vi.waitFor(
    async () => {
      let events = 0
      for await (const { findings, head, unsealed } of verifyAudit(db)) {
        expect({ findings, unsealed }).toEqual({ findings: [], unsealed: { count: 0, since: null } })
        events += head?.seq ?? 0
      }
      return events
    },
    { timeout: 15_000, interval: 100 },
  )
}

test('seals new events soon after, by one of the processes, again and again', async () => {
  const world = await createWorld(db)
  const first = await sealed()
  expect(first).toBeGreaterThan(0)
  await createUser(db, { email: 'one@more.test', name: 'One More' })
  await world.project('p')
  expect(await sealed()).toBe(first + 2)
})

test('keeps sealing other chains when one is broken, at once and afterwards', async () => {
  const [broken, other] = [await createWorld(db, 'broken'), await createWorld(db, 'whole')]
  await sealed()
  // Imitates somebody who cuts off the end of a chain: no key has signed this.
  await sql`update audit_chains set signature = 'x' where org_id = ${broken.org.id}`.execute(db)
  const unsealed = async (org: { id: string }) => {
    const { rows } = await sql`select from audit_events where org_id = ${org.id} and seq is null`.execute(db)
    return rows.length
  }
  for (let i = 0; i < 3; i++) {
    await broken.project(`broken-${i}`)
    await other.project(`whole-${i}`)
    await vi.waitUntil(async () => (await unsealed(other.org)) === 0, { timeout: 10_000, interval: 50 })
  }
  expect(await unsealed(broken.org)).toBe(3)
})
