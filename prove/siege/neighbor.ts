// The honest tenant's process: calls of every kind at a modest, steady rate, each timed, whatever the others do.
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from './target.ts'

/** Milliseconds of every call by kind, and the calls that were not answered as expected. */
export type Lived = { took: Record<string, number[]>; failures: string[]; tried: number }
export type Message = { order: 'live' | 'burst'; url: string; world: World } | 'stop'

/** Differs from the attackers' address, so that their limits do not apply to the neighbor. */
const localAddress = '127.0.0.2'
/** A user who waits longer than this has left. */
const PATIENCE = 15_000
/** Calls of each kind in a burst. */
const BURST = 3

const agent = new Agent({ keepAlive: true, localAddress, maxSockets: 200 })

type Sent = { token?: string; cookie?: string; json?: unknown }
type Got = { status: number; cookies: string[]; text: string }

function call(url: string, line: string, { token, cookie, json }: Sent = {}): Promise<Got> {
  const [method, path = ''] = line.split(' ')
  const body = json === undefined ? undefined : JSON.stringify(json)
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(cookie && { cookie, 'sec-fetch-site': 'same-origin' }),
    ...(body && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
  }
  return new Promise((resolve, reject) => {
    const sent = request(url + path, { method, agent, headers, signal: AbortSignal.timeout(PATIENCE) }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => (text += piece))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode!, cookies: response.headers['set-cookie'] ?? [], text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** A kind of call: its interval in milliseconds, and what it does. */
type Kind = { every: number; run: (timed: Timed, turn: number) => Promise<unknown> }
/** Makes a call that must be answered with this status. */
type Timed = (status: number, line: string, sent?: Sent) => Promise<Got>

let cookie = ''

function kindsOf({ neighbor, password }: World): Record<string, Kind> {
  const { slug, owner, email, place } = neighbor
  const entities = `/${slug}/${place.slug}/envs/default/entities`
  const read = (every: number, path: string, sent: Sent = { token: owner }): Kind => ({
    every,
    run: (timed) => timed(200, `GET ${path}`, sent),
  })
  const session = (path: string): Kind => ({ every: 250, run: (timed) => timed(200, `GET ${path}`, { cookie }) })
  return {
    healthz: read(100, '/healthz', {}),
    readyz: read(500, '/readyz', {}),
    projects: read(200, `/orgs/${slug}/projects?limit=20`),
    entity: read(100, `${entities}/honest`, { token: place.token }),
    members: read(250, `/orgs/${slug}/projects/${place.slug}/members`),
    me: session('/me'),
    session: session('/api/auth/session'),
    page: { every: 1000, run: (timed) => timed(200, `GET /console/${slug}`, { cookie }) },
    'sign-in': {
      every: 1000,
      async run(timed) {
        const { cookies } = await timed(201, 'POST /session', { json: { email, password }, cookie: 'none=1' })
        cookie = cookies.map((one) => one.split(';')[0]).join('; ')
      },
    },
    write: {
      every: 400,
      async run(timed, turn) {
        const name = `honest-${process.pid}-${turn}`
        const { token } = place
        await timed(201, `POST ${entities}`, { token, json: { entityType: 'thing', name } })
        await timed(200, `PUT ${entities}/${name}`, { token, json: { labels: { turn: String(turn) } } })
        await timed(200, `DELETE ${entities}/${name}`, { token })
      },
    },
  }
}

let turns = 0
let isOver = false
let lives: Promise<Lived> | undefined

function timer(url: string, lived: Lived) {
  const since = performance.now()
  return (kind: string): Timed =>
    async (status, line, sent) => {
      const start = performance.now()
      lived.tried++
      const got = await call(url, line, sent).catch((error: Error) => error)
      const took = performance.now() - start
      ;(lived.took[kind] ??= []).push(took)
      if (!(got instanceof Error) && got.status === status) return got
      const what = got instanceof Error ? got.message : `${got.status} ${got.text.slice(0, 150)}`
      lived.failures.push(`${line} after ${Math.round(took)} ms, begun at ${((start - since) / 1000).toFixed(1)} s: ${what}`)
      throw new Error(what)
    }
}

/** Calls each kind at its own rate, whether or not the last call has been answered. */
async function live(url: string, world: World): Promise<Lived> {
  const lived: Lived = { took: {}, failures: [], tried: 0 }
  const as = timer(url, lived)
  const kinds = kindsOf(world)
  if (cookie === '') await kinds['sign-in']!.run(as('sign-in'), 0).catch(() => {})
  const under: Promise<unknown>[] = []
  const clocks = Object.entries(kinds).map(async ([kind, { every, run }], i) => {
    await sleep((every * i) / 10)
    while (!isOver) {
      under.push(run(as(kind), ++turns).catch(() => {}))
      await sleep(every)
    }
  })
  await Promise.all(clocks)
  await Promise.all(under)
  return lived
}

async function burst(url: string, world: World): Promise<Lived> {
  const lived: Lived = { took: {}, failures: [], tried: 0 }
  const as = timer(url, lived)
  const all = Object.entries(kindsOf(world)).flatMap(([kind, { run }]) =>
    Array.from({ length: kind === 'sign-in' || kind === 'page' ? 1 : BURST }, () => run(as(kind), ++turns).catch(() => {})),
  )
  await Promise.all(all)
  return lived
}

process.on('message', (message: Message) => {
  if (message === 'stop') {
    isOver = true
    void lives?.then((lived) => process.send!(lived))
  } else if (message.order === 'live') {
    isOver = false
    lives = live(message.url, message.world)
  } else {
    void burst(message.url, message.world).then((lived) => process.send!(lived))
  }
})
process.on('disconnect', () => process.exit(0))
