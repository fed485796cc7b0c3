import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { addJob, freeLostJobs, workersOf } from '#db/queries/jobs'
import { takeLease } from '#db/queries/leases'
import { newId } from '#domain/ids'
import { startMailing } from '#test/support/servers/mailing'
import { startJobs } from './worker.ts'

const { db, url, inbox } = await startMailing()

const mailTo = (email: string, owner = email) =>
  db.transaction().execute((trx) => addJob(trx, 'mail-password-changed', { email, changedAt: new Date().toISOString() }, owner))
/** Locks every job as if these workers had taken it that many minutes ago. */
const lock = (workers: string, minutes: number) =>
  sql`update graphile_worker._private_jobs set locked_by = ${workers}, locked_at = now() - make_interval(mins => ${minutes})`.execute(
    db,
  )
const start = async () => {
  const jobs = await startJobs(db, url)
  onTestFinished(() => jobs.stop())
}

test('delivers the jobs of a killed process through another process', async () => {
  await mailTo('kept@waiting.test')
  await lock('killed', 4)
  await start()
  expect((await inbox.next()).to).toEqual(['kept@waiting.test'])
})

test('leaves jobs to a living process, however long they take, and jobs that were just taken', async () => {
  await mailTo('slow@living.test')
  await lock('living', 60)
  await takeLease(db, workersOf('living'), newId(), 60)
  expect(await freeLostJobs(db, 180)).toBe(0)
  await sql`delete from leases`.execute(db)
  await lock('starting', 2)
  expect(await freeLostJobs(db, 180)).toBe(0)
  await lock('killed', 4)
  await takeLease(db, workersOf('killed'), newId(), -1)
  expect(await freeLostJobs(db, 180)).toBe(1)
  expect((await sql`select from leases`.execute(db)).rows).toEqual([])
  await start()
  expect((await inbox.next()).to).toEqual(['slow@living.test'])
})

test('delivers another organization’s mail while one organization has many waiting', async () => {
  for (let i = 0; i < 30; i++) await mailTo(`many-${i}@first.test`, 'first')
  await mailTo('one@second.test', 'second')
  await mailTo('two@second.test', 'second')
  await start()
  const recipients: string[] = []
  while (recipients.length < 32) recipients.push((await inbox.next()).to[0]!)
  expect(recipients.indexOf('one@second.test')).toBeLessThan(5)
  expect(recipients.indexOf('two@second.test')).toBeLessThan(8)
})
