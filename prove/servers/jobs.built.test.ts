import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addJob } from '#db/queries/jobs'
import { type Cast, createCast } from '#test/support/world/cast'
import { startInbox } from '#test/support/servers/inbox'
import { type Received, startReceiver } from '#test/support/servers/receiver'
import { report, scaleOf } from '#test/support/outcome'
import { isBuilt } from '../../tools/build.mjs'
import { type Two, startTwo } from './two.ts'

const JOBS = scaleOf('jobs', 40)

/** How often each of these came, where it was not once. */
function notOnce(wanted: string[], came: string[]): string[] {
  const counts = new Map(wanted.map((one) => [one, 0]))
  for (const one of came) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].filter(([, times]) => times !== 1).map(([one, times]) => `${one}: ${times} times`)
}

const idOf = ({ headers }: Received) => String(headers['webhook-id'])

describe.skipIf(!isBuilt())('two servers on one database', () => {
  let two: Two
  let cast: Cast
  let inbox: Awaited<ReturnType<typeof startInbox>>
  let receiver: Awaited<ReturnType<typeof startReceiver>>
  beforeAll(async () => {
    // Not the notices of what the cast does.
    inbox = await startInbox(({ to }) => to.every((address) => address.startsWith('person-')))
    receiver = await startReceiver()
    two = await startTwo({ BULKHEAD_SMTP_URL: inbox.url, BULKHEAD_WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${receiver.port}` })
    cast = await createCast(two.db)
  })
  afterAll(async () => {
    await two.stop()
    await receiver.close()
    await inbox.stop()
  })

  test('send each mail once', { timeout: 0 }, async () => {
    const wanted = Array.from({ length: JOBS }, (_, i) => `person-${i}@example.test`)
    await two.db.transaction().execute(async (trx) => {
      for (const email of wanted)
        await addJob(trx, 'mail-password-changed', { email, changedAt: '2026-12-01T00:00:00.000000Z' }, email)
    })
    const left = async () =>
      (
        await sql<{ n: number }>`select count(*)::int as n from graphile_worker.jobs
          where task_identifier = 'mail-password-changed'`.execute(two.db)
      ).rows[0]!.n
    await expect.poll(left, { timeout: 60_000 }).toBe(0)
    const failures = notOnce(
      wanted,
      inbox.take().flatMap(({ to }) => to),
    )
    expect(report({ what: 'two servers: one mail for each job', tried: JOBS, failures })).toEqual([])
  })

  test('deliver each event to a webhook once', { timeout: 0 }, async () => {
    const owner = cast.people.orgOwner.token
    const hook = { url: receiver.url, events: ['project.updated'] }
    expect(await two.send(owner, 'POST /orgs/acme/webhooks', { json: hook })).toMatchObject({ status: 201 })
    await cast.project('watched')
    for (let i = 0; i < JOBS; i++) await two.send(owner, 'PUT /orgs/acme/projects/watched', { json: { name: `Name ${i}` } })
    await receiver.until(JOBS)
    const delivered = async () =>
      (await two.db.selectFrom('webhook_deliveries').select('id').where('state', '=', 'delivered').execute()).length
    await expect.poll(delivered, { timeout: 60_000 }).toBe(JOBS)
    const came = receiver.received.map(idOf)
    expect(new Set(came).size).toBe(JOBS)
    const failures = notOnce([], came)
    expect(report({ what: 'two servers: one delivery for each event', tried: JOBS, failures })).toEqual([])
  })
})
