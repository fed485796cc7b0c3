import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { projectRoot } from '#config/config'
import { ensureBuilt } from '../tools/build.mjs'
import { timed, withBenchDatabase } from '#test/support/measure/database'
import { catalog, entities } from './fleet.ts'
import { ensureLoadGenerator, load } from './load.ts'
import { figure, median, publish, say, table } from '#test/support/measure/report'
import { type Server, startServer } from './servers.ts'

const ROUNDS = 9
const SECONDS = 4
const CONNECTIONS = 16
const WARM_UP = 4000
const PROJECTS = 20
const ITEMS = 10_000
const PAGES = 100
/** The highest accepted ratio of a time to the other checkout's. */
const MOST = 1.05

const email = 'owner@bench.example'
const password = 'tuesday apricot lantern'

type Side = { server: Server; token: string; scoped: string }
type Times = Record<string, number[]>

async function post(origin: string, path: string, body: object, headers: Record<string, string>) {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }
  const response = await fetch(origin + path, init)
  const text = await response.text()
  assert.ok(response.ok, `${path}: ${response.status} ${text.slice(0, 300)}`)
  return { json: JSON.parse(text) as Record<string, string>, cookies: response.headers.getSetCookie() }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const apply = (side: Side, slug: string, items: object[]) =>
  post(side.server.origin, `/bench/${slug}/envs/default/apply`, { items }, bearer(side.token))

/** The same organization in a new database, created by the checkout itself over HTTP. */
async function settle(root: string, url: string): Promise<Side> {
  const settings = { BULKHEAD_ADMIN_EMAIL: email, BULKHEAD_ADMIN_PASSWORD: password, BULKHEAD_ORG: 'Bench' }
  const server = await startServer('Bulkhead (npm start)', url, settings, root)
  const { origin } = server
  const signedIn = await post(origin, '/session', { email, password }, { 'sec-fetch-site': 'same-origin' })
  const cookie = signedIn.cookies.map((one) => one.split(';')[0]).join('; ')
  const person = { cookie, 'sec-fetch-site': 'same-origin' }
  const { token } = (await post(origin, '/orgs/bench/personal-tokens', { name: 'bench' }, person)).json
  const side = { server, token: token!, scoped: '' }
  for (let i = 0; i < PROJECTS; i++) {
    const slug = `project-${String(i).padStart(2, '0')}`
    await post(origin, '/orgs/bench/projects', { name: slug, slug }, bearer(side.token))
  }
  await apply(side, 'project-00', [...catalog, ...entities(ITEMS)])
  const grant = { name: 'scoped', role: 'viewer', cellScopes: ['zone-1', 'zone-2', 'region-3'] }
  const scoped = await post(origin, '/bench/project-00/tokens', grant, bearer(side.token))
  return { ...side, scoped: scoped.json['token']! }
}

/** The measurements: milliseconds, or seconds per request. */
const measures: Record<string, (side: Side, round: number) => Promise<number>> = {
  async page({ server, token }) {
    const path = `/orgs/bench/projects?limit=${PROJECTS}`
    const { perSecond } = await load(server.origin + path, { bearer: token, connections: CONNECTIONS, seconds: SECONDS })
    return 1000 / perSecond
  },
  scope: ({ server, scoped }) =>
    timed(async () => {
      for (let i = 0; i < PAGES; i++) {
        const response = await fetch(`${server.origin}/bench/project-00/envs/default/entities?limit=100`, {
          headers: bearer(scoped),
        })
        assert.equal(((await response.json()) as unknown[]).length, 100)
      }
    }),
  async 'apply, created'(side, round) {
    const slug = `apply-${round}`
    await post(side.server.origin, '/orgs/bench/projects', { name: slug, slug }, bearer(side.token))
    await apply(side, slug, catalog)
    return timed(() => apply(side, slug, entities(ITEMS)))
  },
  'apply, unchanged': (side, round) => timed(() => apply(side, `apply-${round}`, entities(ITEMS))),
  'apply, moved': (side, round) => timed(() => apply(side, `apply-${round}`, entities(ITEMS, 1))),
}

/** Measures this checkout and another one in turns, both built, each with a database of its own in one PostgreSQL. */
export async function benchAgainst(folder: string): Promise<void> {
  await ensureLoadGenerator()
  await ensureBuilt()
  const roots = [resolve(folder), projectRoot]
  await withBenchDatabase(async ({ url, client }) => {
    const sides: Side[] = []
    try {
      for (const [i, root] of roots.entries()) {
        await client.query(`create database side_${i}`)
        const own = new URL(url)
        own.pathname = `/side_${i}`
        sides.push(await settle(root, own.href))
      }
      for (const { server, token } of sides)
        await load(`${server.origin}/orgs/bench/projects`, { bearer: token, connections: CONNECTIONS, requests: WARM_UP })
      const times = sides.map((): Times => Object.fromEntries(Object.keys(measures).map((what) => [what, []])))
      for (let round = 0; round < ROUNDS; round++) {
        for (const [what, measure] of Object.entries(measures)) {
          // The second in turn finds a warmer machine, so the order alternates.
          const order = round % 2 === 0 ? [0, 1] : [1, 0]
          for (const i of order) times[i]![what]!.push(await measure(sides[i]!, round))
        }
        say(`Round ${round + 1} of ${ROUNDS}`)
      }
      report(times[0]!, times[1]!)
    } finally {
      for (const { server } of sides) await server.stop()
    }
  })
}

function report(before: Times, now: Times): void {
  const ratioOf = (what: string) => median(now[what]!.map((ms, round) => ms / before[what]![round]!))
  publish({
    name: 'against',
    title: 'This checkout against another one',
    how: `Both servers on one PostgreSQL, by turns, medians of ${ROUNDS} rounds. A page of ${PROJECTS} projects under load, ${PAGES} pages of entities by a token of three cells, and applies of ${ITEMS.toLocaleString('en-US')} entities. A ratio is the median of the rounds' ratios.`,
    table: table(
      ['what', 'before', 'now'],
      Object.keys(measures).map((what) => [what, `${figure(median(before[what]!))} ms`, `${figure(median(now[what]!))} ms`]),
    ),
    ratios: Object.keys(measures).map((what) => {
      const value = ratioOf(what)
      return { what: `${what}: now / before`, value, reach: `≤ ${MOST} ×`, holds: value <= MOST }
    }),
    raw: { before, now },
  })
}
