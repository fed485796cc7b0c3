import type { Client } from 'pg'
import { ensureBuilt } from '../tools/build.mjs'
import { withBenchDatabase } from '#test/support/measure/database'
import { ensureLoadGenerator, load } from './load.ts'
import { figure, median, publish, say, table } from '#test/support/measure/report'
import { type Server, startServer } from './servers.ts'
import { newWorld } from './world.ts'

const PROJECTS = 20
const ROUNDS = 7
const SECONDS = 4
const CONNECTIONS = 32
const WARM_UP = 6000
const path = `/orgs/bench/projects?limit=${PROJECTS}`

/** A role that sees the projects of one organization, and none unless one is set. */
async function buildWall(client: Client): Promise<void> {
  await client.query('create role bench_tenant nologin')
  await client.query('grant select on projects to bench_tenant')
  await client.query('alter table projects enable row level security')
  await client.query(`create policy of_organization on projects to bench_tenant
    using (org_id = nullif(current_setting('bench.organization', true), '')::uuid)`)
}

const variants = {
  'bare, without': ['bare node:http + pg', {}],
  'bare, organization set in a transaction': ['bare node:http + pg', { WALL: 'transaction' }],
  'bare, organization set with the statement': ['bare node:http + pg', { WALL: 'connection' }],
  Bulkhead: ['Bulkhead (npm start)', {}],
} as const

/** Measures what row-level security would add to a page of projects, and which share of the lane's time that is. */
export async function benchWall(): Promise<void> {
  await ensureLoadGenerator()
  await ensureBuilt()
  await withBenchDatabase(async ({ url, db, client }) => {
    const world = await newWorld(db)
    for (let i = 0; i < PROJECTS; i++) await world.addProject(`project-${String(i).padStart(2, '0')}`)
    await buildWall(client)
    const servers: Record<string, Server> = {}
    const rates: Record<string, number[]> = {}
    try {
      for (const [name, [program, settings]] of Object.entries(variants)) {
        servers[name] = await startServer(program, url, settings)
        rates[name] = []
        await load(servers[name].origin + path, { bearer: world.token, connections: CONNECTIONS, requests: WARM_UP })
      }
      for (let round = 0; round < ROUNDS; round++) {
        for (const [name, { origin }] of Object.entries(servers))
          rates[name]!.push(
            (await load(origin + path, { bearer: world.token, connections: CONNECTIONS, seconds: SECONDS })).perSecond,
          )
        say(`Round ${round + 1} of ${ROUNDS}`)
      }
      report(rates)
    } finally {
      for (const server of Object.values(servers)) await server.stop()
    }
  })
}

function report(rates: Record<string, number[]>): void {
  const millis = (name: string) => 1000 / median(rates[name]!)
  const ours = millis('Bulkhead')
  const ratioOf = (name: string) => ours / (ours + millis(name) - millis('bare, without'))
  const ways = ['bare, organization set in a transaction', 'bare, organization set with the statement']
  publish({
    name: 'wall',
    title: 'What row-level security would cost a page of 20 projects',
    how: `GET ${path}, ${CONNECTIONS} connections from another process, medians of ${ROUNDS} rounds of ${SECONDS} s, interleaved in one run. The bare server sends the lane's three statements. It runs the last one, the only one that reads an organization's data, as a role that sees this organization's rows alone. The connection learns the organization within a transaction (three more round trips), or from a statement that is sent along and remembered. The extra cost is added to a request of Bulkhead.`,
    table: table(
      ['server', 'requests/s', 'ms of the machine a request'],
      Object.keys(rates).map((name) => [name, figure(median(rates[name]!)), figure(millis(name))]),
    ),
    ratios: ways.map((name) => ({
      what: `lane with / without, ${name.slice(6)}`,
      value: ratioOf(name),
      reach: '≥ 0.9 ×',
      holds: ratioOf(name) >= 0.9,
    })),
    raw: { rates },
  })
}
