import { nukeProject, restoreWipe } from '#domain/nuke/nuke'
import { type BenchDatabase, timed, withBenchDatabase } from '#test/support/measure/database'
import { deleteRows, fill } from '#test/support/measure/fill'
import { figure, median, publish, say, table } from '#test/support/measure/report'
import { newWorld, type World } from './world.ts'

const SMALL = 1_000
const LARGE = 1_000_000
/** Each round deletes a million rows permanently, so each has a project of that size. */
const ROUNDS = 3
const NUKES = 7

type Times = Record<'nukeSmall' | 'nukeLarge' | 'deleteSmall' | 'deleteLarge', number[]>

/** One nuke, and its undo so that it can be repeated; only the nuke is timed. */
async function nuke(world: World, slug: string): Promise<number> {
  const context = await world.inProject(slug)
  let wipeId = ''
  const took = await timed(async () => {
    const result = await nukeProject(context, {})
    wipeId = result.wipeId!
  })
  await restoreWipe(await world.inProject(slug), wipeId)
  return took
}

async function measure({ client }: BenchDatabase, world: World): Promise<Times> {
  const times: Times = { nukeSmall: [], nukeLarge: [], deleteSmall: [], deleteLarge: [] }
  // The first calls parse and plan; neither way should pay for that.
  for (let i = 0; i < 3; i++) await nuke(world, 'small-0')
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < NUKES; i++) {
      times.nukeSmall.push(await nuke(world, `small-${round}`))
      times.nukeLarge.push(await nuke(world, `large-${round}`))
    }
    for (const size of ['Small', 'Large'] as const) {
      const { project } = await world.inProject(`${size.toLowerCase()}-${round}`)
      await client.query('checkpoint')
      times[`delete${size}`].push(await timed(() => deleteRows(client, project.id)))
      await client.query('checkpoint')
    }
    const [nuked, deleted] = [median(times.nukeLarge), times.deleteLarge.at(-1)!]
    say(`Round ${round + 1} of ${ROUNDS}: nuke ${figure(nuked)} ms, DELETE ${figure(deleted)} ms`)
  }
  return times
}

async function load(at: BenchDatabase, world: World): Promise<Record<'small' | 'large', number>> {
  const rows = { small: 0, large: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [size, n] of [
      ['small', SMALL],
      ['large', LARGE],
    ] as const) {
      const slug = `${size}-${round}`
      await world.addProject(slug)
      const { project } = await world.inProject(slug)
      const took = await timed(async () => (rows[size] = await fill(at.client, project, n)))
      say(`Loaded ${slug}: ${rows[size].toLocaleString('en-US')} rows in ${figure(took / 1000)} s`)
    }
  }
  const took = await timed(() => at.client.query('vacuum analyze'))
  say(`VACUUM ANALYZE in ${figure(took / 1000)} s`)
  return rows
}

const row = (entities: number, all: number, nuked: number, deleted: number) => [
  entities.toLocaleString('en-US'),
  all.toLocaleString('en-US'),
  `${figure(nuked)} ms`,
  `${figure(deleted)} ms`,
  `${figure(deleted / nuked)} ×`,
]

/** Compares a nuke with the DELETE of the same rows, small and large, in one run. */
export async function benchNuke(): Promise<void> {
  await withBenchDatabase(async (at) => {
    const world = await newWorld(at.db)
    const rows = await load(at, world)
    const times = await measure(at, world)
    const { nukeSmall, nukeLarge, deleteSmall, deleteLarge } = Object.fromEntries(
      Object.entries(times).map(([name, values]) => [name, median(values)]),
    ) as Record<keyof Times, number>
    const faster = deleteLarge / nukeLarge
    const growth = nukeLarge / nukeSmall
    publish({
      name: 'nuke',
      title: 'Emptying a project',
      how: `A nuke through its verb, committed, against DELETE of the same rows table by table in one transaction, committed. fsync on. Medians of ${ROUNDS * NUKES} nukes and ${ROUNDS} DELETEs, interleaved in one run.`,
      table: table(
        ['entities', 'rows in all', 'nuke', 'DELETE', 'faster'],
        [row(SMALL, rows.small, nukeSmall, deleteSmall), row(LARGE, rows.large, nukeLarge, deleteLarge)],
      ),
      ratios: [
        { what: 'DELETE of a million entities / nuke of them', value: faster, reach: '≥ 100 ×', holds: faster >= 100 },
        { what: 'nuke of a million / nuke of a thousand', value: growth, reach: '≤ 2 ×', holds: growth <= 2 },
      ],
      raw: { rows, milliseconds: times },
    })
  })
}
