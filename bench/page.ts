import assert from 'node:assert/strict'
import { ensureApiBuilt, ensureBuilt } from '../tools/build.mjs'
import { withBenchDatabase } from '#test/support/measure/database'
import { ensureLoadGenerator, type Load, load } from './load.ts'
import { figure, median, publish, say, table } from '#test/support/measure/report'
import { type Name, names, type Server, startServer } from './servers.ts'
import { newWorld } from './world.ts'

const PROJECTS = 20
const ROUNDS = 7
const SECONDS = 5
const CONNECTIONS = 32
/** Requests before the first round: V8 compiles hot code only after thousands of them. */
const WARM_UP = 10_000
const path = `/orgs/bench/projects?limit=${PROJECTS}`

/** Checks before any timing that all return the same twenty projects. */
async function assertSame(servers: Server[], bearer: string): Promise<void> {
  const bodies = await Promise.all(
    servers.map(
      async ({ origin }) =>
        (await fetch(origin + path, { headers: { authorization: `Bearer ${bearer}` } })).json() as Promise<unknown[]>,
    ),
  )
  assert.equal(bodies[0]?.length, PROJECTS)
  for (const body of bodies) assert.deepEqual(body, bodies[0])
}

type Loads = Record<Name, Load[]>

async function measure(servers: Server[], bearer: string): Promise<Loads> {
  const loads = Object.fromEntries(names.map((name) => [name, []])) as unknown as Loads
  for (const { origin } of servers) await load(origin + path, { bearer, connections: CONNECTIONS, requests: WARM_UP })
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, origin } of servers)
      loads[name as Name].push(await load(origin + path, { bearer, connections: CONNECTIONS, seconds: SECONDS }))
    const rates = names.map((name) => `${name} ${figure(loads[name].at(-1)!.perSecond)}/s`)
    say(`Round ${round + 1} of ${ROUNDS}: ${rates.join(', ')}`)
  }
  return loads
}

/**
 * Measures a page of projects with a personal token: as `npm start` serves it, through Next alone, and from the smallest possible
 * server.
 */
export async function benchPage(): Promise<void> {
  await ensureLoadGenerator()
  await ensureBuilt()
  await ensureApiBuilt()
  await withBenchDatabase(async ({ url, db }) => {
    const world = await newWorld(db)
    for (let i = 0; i < PROJECTS; i++) await world.addProject(`project-${String(i).padStart(2, '0')}`)
    const servers: Server[] = []
    try {
      for (const name of names) servers.push(await startServer(name, url))
      await assertSame(servers, world.token)
      report(await measure(servers, world.token))
    } finally {
      for (const server of servers) await server.stop()
    }
  })
}

function report(loads: Loads): void {
  const of = (name: Name, what: keyof Load) => median(loads[name].map((one) => one[what]))
  const rate = (name: Name) => of(name, 'perSecond')
  const [bare, floor, ours, next] = ['bare node:http + pg', 'bare, pipelined', 'Bulkhead (npm start)', 'next start'] as const
  const toBare = rate(ours) / rate(bare)
  const toFloor = rate(ours) / rate(floor)
  const toNext = rate(ours) / rate(next)
  publish({
    name: 'page',
    title: 'Reading a page of 20 projects with a token',
    how: `GET ${path}, ${CONNECTIONS} connections from another process, medians of ${ROUNDS} rounds of ${SECONDS} s, interleaved in one run, after warming up. All send the same three prepared statements to the same PostgreSQL and print the same JSON. The bare server does nothing else: over a pool, and over one connection without waiting for earlier answers.`,
    table: table(
      ['server', 'requests/s', 'p50', 'p99'],
      names.map((name) => [name, figure(rate(name)), `${figure(of(name, 'p50'))} ms`, `${figure(of(name, 'p99'))} ms`]),
    ),
    ratios: [
      { what: 'Bulkhead / bare node:http + pg', value: toBare, reach: '≥ 1.3 ×', holds: toBare >= 1.3 },
      { what: 'Bulkhead / bare, pipelined', value: toFloor, reach: '≥ 0.8 ×', holds: toFloor >= 0.8 },
      { what: 'Bulkhead / next start', value: toNext, reach: '≥ 3 ×', holds: toNext >= 3 },
    ],
    raw: { loads },
  })
}
