import { sql } from 'kysely'
import { purgeDue } from '#domain/nuke/purge'
import { createEntity, listEntities } from '#domain/data/entities'
import { nukeProject } from '#domain/nuke/nuke'
import { type BenchDatabase, withBenchDatabase } from '#test/support/measure/database'
import { fill } from '#test/support/measure/fill'
import { figure, median, percentile, publish, say, table } from '#test/support/measure/report'
import { type World, newWorld } from './world.ts'

const ENTITIES = Number(process.env['BENCH_PURGE'] ?? 1_000_000)
const NEIGHBORS = 4
const NEIGHBOR_ENTITIES = 100_000
/** Seconds in which the neighbor runs alone. */
const IDLE = 10
/** Rows per second that a purge must reach at the batch of the median row. */
const REACH = 50_000

type Batch = { rows: number; table: string; ms: number }

/**
 * Rows per second of the batch with the median row. Batches are sized by time, so there are more of them where they are small.
 */
function rateOf(batches: Batch[]): number {
  const half = batches.reduce((sum, { rows }) => sum + rows, 0) / 2
  let before = 0
  for (const { rows, ms } of batches.toSorted((a, b) => a.rows / a.ms - b.rows / b.ms)) {
    before += rows
    if (before >= half) return (rows / ms) * 1000
  }
  return NaN
}

/** Tables with fewer rows say nothing about the rate. */
const TELLING = 1000

let made = 0

/** Reads a page of a neighbor's entities and adds one; answers the milliseconds. */
async function call(world: World): Promise<number> {
  const start = performance.now()
  const context = await world.inProject('neighbor-0')
  await listEntities(context, 'default', { limit: 50 })
  await createEntity(context, 'default', {
    entityType: 'node',
    name: `made-${made++}`,
    properties: {},
    labels: {},
    kind: 'Entity',
  })
  return performance.now() - start
}

async function callsUntil(world: World, isOver: () => boolean): Promise<number[]> {
  const took: number[] = []
  while (!isOver()) took.push(await call(world))
  return took
}

/** Purges beside a neighbor who reads and writes. */
async function measure({ client, db }: BenchDatabase, world: World) {
  for (let i = 0; i < NEIGHBORS; i++) {
    await world.addProject(`neighbor-${i}`)
    await fill(client, (await world.inProject(`neighbor-${i}`)).project, NEIGHBOR_ENTITIES)
  }
  await world.addProject('nuked')
  const all = await fill(client, (await world.inProject('nuked')).project, ENTITIES)
  await client.query('vacuum analyze')
  await nukeProject(await world.inProject('nuked'), {})
  await sql`update wipes set purge_after = now()`.execute(db)
  say(`Loaded ${all.toLocaleString('en-US')} rows, and ${NEIGHBORS} neighbors`)
  await callsUntil(world, () => made > 100)
  const until = performance.now() + IDLE * 1000
  const idle = await callsUntil(world, () => performance.now() > until)

  let isOver = false
  const batches: Batch[] = []
  let last = performance.now()
  const start = last
  const neighbor = callsUntil(world, () => isOver)
  await purgeDue(db, {
    onBatch: (rows, table) => {
      const now = performance.now()
      batches.push({ rows, table, ms: now - last })
      last = now
    },
  })
  const seconds = (performance.now() - start) / 1000
  isOver = true
  return { all, idle, during: await neighbor, batches, seconds }
}

export async function benchPurge(): Promise<void> {
  await withBenchDatabase(async (at) => {
    const { all, idle, during, batches, seconds } = await measure(at, await newWorld(at.db))
    const rate = rateOf(batches)
    const byTable = Object.entries(Object.groupBy(batches, ({ table: name }) => name))
      .map(([name, of = []]) => ({ name, of, rows: of.reduce((sum, { rows }) => sum + rows, 0) }))
      .filter(({ rows }) => rows >= TELLING)
    const felt = percentile(during, 99) / percentile(idle, 99)
    publish({
      name: 'purge',
      title: 'Purging what was nuked',
      how: `A wipe of ${all.toLocaleString('en-US')} rows is purged in a database with ${NEIGHBORS} other projects of ${NEIGHBOR_ENTITIES.toLocaleString('en-US')} entities, while one of them is read and written without a pause. fsync on.`,
      table: table(
        ['what', 'figure'],
        [
          ['rows/s at the batch of the median row', figure(rate)],
          ...byTable.map(({ name, of, rows }) => [`rows/s of ${name} (${rows.toLocaleString('en-US')})`, figure(rateOf(of))]),
          ['rows a batch, median', figure(median(batches.map(({ rows }) => rows)))],
          ['the median batch', `${figure(median(batches.map(({ ms }) => ms)))} ms`],
          ['rows/s in all', figure(all / seconds)],
          ['the longest batch', `${figure(Math.max(...batches.map(({ ms }) => ms)))} ms`],
          ['p99 of the neighbor, idle', `${figure(percentile(idle, 99))} ms`],
          ['p99 of the neighbor, during the purge', `${figure(percentile(during, 99))} ms`],
        ],
      ),
      ratios: [
        {
          what: `batch of the median row / ${REACH.toLocaleString('en-US')} rows a second`,
          value: rate / REACH,
          reach: '≥ 1 ×',
          holds: rate >= REACH,
        },
        { what: 'p99 of the neighbor, during / idle', value: felt, reach: '≤ 1.5 ×', holds: felt <= 1.5 },
      ],
      raw: { all, seconds, batches, idle, during },
    })
  })
}
