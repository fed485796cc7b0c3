import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { sealAudit } from '#domain/audit/sealing'
import { verifyAudit } from '#domain/audit/verification'
import { audit } from '#domain/audit/audit'
import { newId } from '#domain/ids'
import { type BenchDatabase, timed, withBenchDatabase } from '#test/support/measure/database'
import { figure, median, publish, say, table } from '#test/support/measure/report'
import { newWorld } from './world.ts'

const EVENTS = 200_000
const WRITES = 1000
const ROUNDS = 15

/** A typical event: a thing of twenty fields before and after. */
const thing = (n: number) => ({
  id: newId(),
  name: `web-${n}`,
  state: 'active',
  properties: { region: 'eu', tier: n },
  labels: { team: 'a' },
})

const additions = [
  sql`drop trigger audit_events_not_sealed_yet on audit_events`,
  sql`drop index audit_events_unsealed`,
  sql`drop index audit_events_seq`,
]

type World = Awaited<ReturnType<typeof newWorld>>

/** Writes events in one transaction and rolls it back, with or without what the chain adds to each write. */
async function write({ db }: BenchDatabase, world: World, chained: boolean): Promise<number> {
  const context = await world.inProject('log')
  let took = 0
  await db
    .transaction()
    .execute(async (trx) => {
      for (const statement of chained ? [] : additions) await statement.execute(trx)
      took = await timed(async () => {
        for (let i = 0; i < WRITES; i++)
          await audit(
            trx,
            context,
            'entity.updated',
            { kind: 'entity', id: newId(), name: 'web' },
            { before: thing(i), after: thing(i + 1) },
          )
      })
      throw new Error('taken back')
    })
    .catch((error: Error) => {
      if (error.message !== 'taken back') throw error
    })
  return took / WRITES
}

/** The peak memory of this process in MiB while `work` ran. */
async function peak(work: () => Promise<unknown>): Promise<number> {
  let most = 0
  const watch = new AbortController()
  const watching = (async () => {
    for (;;) {
      most = Math.max(most, process.memoryUsage().rss / 2 ** 20)
      await pause(50, undefined, { signal: watch.signal })
    }
  })().catch(() => {})
  await work()
  watch.abort()
  await watching
  return most
}

async function verify({ db }: BenchDatabase): Promise<number> {
  return timed(async () => {
    for await (const { found } of verifyAudit(db)) if (found > 0) throw new Error('the audit log has mismatches')
  })
}

/** Measures what the chain adds to a write, and how fast it is sealed and verified. */
export async function benchAudit(): Promise<void> {
  process.env['BULKHEAD_SECRET'] ||= 'the secret of the benchmark: long enough'
  await withBenchDatabase(async (at) => {
    const world = await newWorld(at.db)
    await world.addProject('log')
    const { org, project } = await world.inProject('log')
    const times = { chained: [] as number[], plain: [] as number[] }
    for (let round = -2; round < ROUNDS; round++) {
      for (const chained of round % 2 === 0 ? [true, false] : [false, true]) {
        const took = await write(at, world, chained)
        if (round >= 0) times[chained ? 'chained' : 'plain'].push(took)
      }
    }
    const loaded = await timed(() =>
      at.client.query(
        `insert into audit_events (id, org_id, project_id, actor_kind, actor_name, action, target_kind, target_id, before, after, request_id, address)
        select gen_random_uuid(), $1, $2, 'user', 'somebody@bench.test', 'entity.updated', 'entity', n::text, $3, $3, gen_random_uuid()::text, '192.0.2.1'
        from generate_series(1, ${EVENTS}) n`,
        [org.id, project.id, JSON.stringify(thing(1))],
      ),
    )
    say(`Loaded ${EVENTS.toLocaleString('en-US')} events in ${figure(loaded / 1000)} s`)
    const before = process.memoryUsage().rss / 2 ** 20
    const sealing = await timed(() => sealAudit(at.db))
    const verifying: number[] = []
    const memory = await peak(async () => {
      for (let i = 0; i < 3; i++) verifying.push(await verify(at))
    })
    const perSecond = (ms: number) => `${figure((EVENTS / ms) * 1000)}/s`
    const [chained, plain] = [median(times.chained), median(times.plain)]
    publish({
      name: 'audit',
      title: 'Sealing and verifying the audit log',
      how: `Writing: events through the verb's own function, ${WRITES} in a transaction that is rolled back, with and without the indexes and the trigger of the chain; medians of ${ROUNDS} rounds, interleaved in one run. Sealing and verifying: ${EVENTS.toLocaleString('en-US')} events of one organization, by one process; fsync on. Memory of the process: ${Math.round(before)} MiB before, at most ${Math.round(memory)} MiB while verifying.`,
      table: table(
        ['', 'measured'],
        [
          ['an event written, without the chain', `${figure(plain * 1000)} µs`],
          ['an event written, with it', `${figure(chained * 1000)} µs`],
          ['sealed', perSecond(sealing)],
          ['verified', perSecond(median(verifying))],
        ],
      ),
      ratios: [
        {
          what: 'an event written with the chain / without',
          value: chained / plain,
          reach: '≤ 1.1 ×',
          holds: chained / plain <= 1.1,
        },
      ],
      raw: { microseconds: times, sealing, verifying, memory },
    })
  })
}
