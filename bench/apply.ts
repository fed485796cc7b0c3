import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { stringify } from 'yaml'
import { type BenchDatabase, timed, withBenchDatabase } from '#test/support/measure/database'
import { catalog, entities, insertRows, rowsOf } from './fleet.ts'
import { figure, median, publish, say, table } from '#test/support/measure/report'
import { type Server, startServer } from './servers.ts'
import { newWorld, type World } from './world.ts'

const SIZES = [1_000, 10_000, 50_000]
const LARGEST = 50_000
const ROUNDS = 5
/** Rounds of the largest size. */
const FEW_ROUNDS = 2
const REPEATS = 18
const MIB = 1024

const ways = ['insert', 'apply', 'again', 'moved', 'yaml'] as const
type Way = (typeof ways)[number]
type Times = Record<Way, number[]>

async function post(server: Server, token: string, slug: string, body: string, type = 'application/json') {
  const response = await fetch(`${server.origin}/bench/${slug}/envs/default/apply`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    body,
  })
  const result = (await response.json()) as { diff: Record<'created' | 'updated' | 'unchanged', unknown[]> }
  assert.equal(response.status, 200, JSON.stringify(result).slice(0, 500))
  return result.diff
}

const json = (items: unknown[]) => JSON.stringify({ items })

async function newProject(server: Server, world: World, slug: string) {
  await world.addProject(slug)
  await post(server, world.token, slug, json(catalog))
  return (await world.inProject(slug)).project
}

type Bench = Pick<BenchDatabase, 'client'> & { server: Server; world: World }

/** One size, one round: the INSERT, the apply of the same, the same again, all of them moved to other cells, the same as YAML. */
async function round({ client, server, world }: Bench, n: number, turn: number, times: Times) {
  const slug = (way: string) => `${way}-${n}-${turn}`
  const floor = await newProject(server, world, slug('insert'))
  const rows = rowsOf(n)
  times.insert.push(await timed(() => insertRows(client, floor, rows)))
  await newProject(server, world, slug('apply'))
  const send = async (way: Way, body: string, outcome: 'created' | 'updated' | 'unchanged') => {
    let diff: Awaited<ReturnType<typeof post>> | undefined
    times[way].push(await timed(async () => (diff = await post(server, world.token, slug('apply'), body))))
    assert.equal(diff![outcome].length, n)
  }
  await send('apply', json(entities(n)), 'created')
  await send('again', json(entities(n)), 'unchanged')
  await send('moved', json(entities(n, 1)), 'updated')
  await newProject(server, world, slug('yaml'))
  const yaml = stringify({ items: entities(n) })
  // A body may have at most 16 MiB, and YAML spells each item over seven lines.
  if (yaml.length < 16 * 2 ** 20 && n <= 10_000)
    times.yaml.push(await timed(() => post(server, world.token, slug('yaml'), yaml, 'application/yaml')))
  const [same] = (
    await client.query<{ same: boolean }>(
      `select count(*) filter (where project_id = $1) = count(*) filter (where project_id = $2) as same from effective_cell_members
       where project_id in ($1, $2)`,
      [floor.id, (await world.inProject(slug('apply'))).project.id],
    )
  ).rows
  assert.ok(same!.same)
}

const status = (pid: number, what: 'VmHWM' | 'VmRSS') =>
  Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / MIB

/** The server's peak memory in MiB during each of many applies of ten thousand changes. */
async function peaks(server: Server, world: World): Promise<number[]> {
  await newProject(server, world, 'memory')
  const found: number[] = []
  for (let i = 0; i < REPEATS; i++) {
    writeFileSync(`/proc/${server.pid}/clear_refs`, '5')
    await post(server, world.token, 'memory', json(entities(10_000, i)))
    found.push(status(server.pid, 'VmHWM'))
  }
  return found
}

const newTimes = (): Times => ({ insert: [], apply: [], again: [], moved: [], yaml: [] })

/**
 * Compares ten thousand entities in one request with one INSERT of the same rows. Also measures how that grows, and peak memory.
 */
export async function benchApply(): Promise<void> {
  await withBenchDatabase(async (at) => {
    const world = await newWorld(at.db)
    const server = await startServer('Bulkhead (npm start)', at.url)
    const bench = { client: at.client, server, world }
    try {
      const times = new Map(SIZES.map((n) => [n, newTimes()]))
      // V8 compiles hot code and PostgreSQL plans once per connection; neither way should pay for that.
      for (let turn = 0; turn < 3; turn++) await round(bench, 2_000, turn, newTimes())
      for (let turn = 0; turn < ROUNDS; turn++) {
        for (const n of SIZES) if (n < LARGEST || turn < FEW_ROUNDS) await round(bench, n, turn, times.get(n)!)
        const last = times.get(10_000)!
        say(`Round ${turn + 1} of ${ROUNDS}: ${ways.map((way) => `${way} ${figure(last[way].at(-1)!)} ms`).join(', ')}`)
      }
      report(times, process.platform === 'linux' ? await peaks(server, world) : [])
    } finally {
      await server.stop()
    }
  })
}

function report(times: Map<number, Times>, memory: number[]): void {
  const of = (n: number, way: Way) => median(times.get(n)![way])
  const cell = (n: number, way: Way) => (times.get(n)![way].length === 0 ? '–' : `${figure(of(n, way))} ms`)
  // Compares within each round, because the load of the machine changes more slowly than that.
  const toInsert = (n: number) => median(times.get(n)!.apply.map((took, turn) => took / times.get(n)!.insert[turn]!))
  const ratio = toInsert(10_000)
  const growth = of(LARGEST, 'apply') / of(10_000, 'apply')
  const third = Math.floor(memory.length / 3)
  const [early, late] = [memory.slice(third, 2 * third), memory.slice(-third)].map((some) => Math.max(...some)) as [
    number,
    number,
  ]
  const flat = memory.length === 0 ? [] : [{ what: 'memory: most in the last third / in the second third', value: late / early }]
  publish({
    name: 'apply',
    title: 'Applying many entities in one request',
    how: `POST …/apply over HTTP by a personal token, from request to the end of the answer, against one multi-row INSERT a table of the same entities, their memberships (two cells each, one derived and the one above it) and the row counts, by a plain connection that knows all of them beforehand; both commit, fsync on. "moved": every entity changes and moves to another cell. Medians of ${ROUNDS} rounds (of ${LARGEST.toLocaleString('en-US')}: ${FEW_ROUNDS}), interleaved in one run, apply / INSERT of each round by itself; no table is ever analyzed by hand. Peak memory of the server process over ${REPEATS} applies of 10,000 moves after that: ${memory.length === 0 ? 'only measured on Linux' : `${figure(Math.max(...memory))} MiB`}.`,
    table: table(
      ['entities', 'INSERT', 'apply', 'unchanged', 'moved', 'as YAML', 'apply / INSERT'],
      SIZES.map((n) => [n.toLocaleString('en-US'), ...ways.map((way) => cell(n, way)), `${figure(toInsert(n))} ×`]),
    ),
    ratios: [
      { what: 'apply of 10,000 / INSERT of the same rows', value: ratio, reach: '≤ 5 ×', holds: ratio <= 5 },
      { what: 'apply of 50,000 / apply of 10,000', value: growth, reach: '≤ 6 ×', holds: growth <= 6 },
      ...flat.map((one) => ({ ...one, reach: '≤ 1.1 ×', holds: one.value <= 1.1 })),
    ],
    raw: { milliseconds: Object.fromEntries(times), peakMiB: memory },
  })
}
