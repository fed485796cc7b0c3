import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { Database } from '#db/client'
import { verifyAudit } from '#domain/audit/verification'
import type { Server } from '#test/support/servers/server'
import { clientOf } from '#test/support/http/client'
import { cookieOf, signIn } from '#test/support/http/sign-in'
import { progress } from '#test/support/outcome'
import { fillProject, purgeNow, unpurged } from '../purging.ts'
import { type Call, type Seat, catalog, kinds } from './kinds.ts'
import { type Memory, type Sample, residentMegabytes } from './measured.ts'
import { type Size, type World, password, settle } from './world.ts'

type Wanted = { seconds: number; clients: number; size: Size }
export type Soaked = {
  samples: Sample[]
  memory: Memory[]
  seconds: { purge: number | undefined }
  failures: string[]
  world: World
}

/** Milliseconds that a client reads the answer. */
const PAUSE = 100
const SIGN_IN = 20_000

const names = Object.keys(kinds)
const dice = names.flatMap((name) => Array.from({ length: kinds[name]!.weight }, () => name))

/** Fills the doomed project, nukes it and lets its time expire. Resolves when it is purged. */
async function purge(db: Database, server: Server, doomed: World['doomed']): Promise<void> {
  await clientOf(server.url)(doomed.token, `DELETE /${doomed.org}/${doomed.slug}/nuke`)
  await purgeNow(db, doomed.id)
  while ((await unpurged(db, doomed.id)).length > 0) await sleep(200)
}

/** Runs all clients for this long, with a purge beside them in the second half. */
export async function soak({ db, url, server }: { db: Database; url: string; server: Server }, options: Wanted): Promise<Soaked> {
  const { seconds, clients, size } = options
  const client = new Client({ connectionString: url })
  await client.connect()
  const world = await settle(db, client, size)
  await client.end()
  await fillProject(db, url, world.doomed.id, size.purged)

  const send = clientOf(server.url)
  const failures: string[] = []
  const samples: Sample[] = []
  const memory: Memory[] = []
  const seats = await Promise.all(
    Array.from({ length: clients }, async (_, i): Promise<Seat> => {
      const org = world.orgs[i % world.orgs.length]!
      const at = Math.floor(i / world.orgs.length)
      const seat = { org, place: org.places[at]!, spare: org.spare[at]!, cookie: await browser(org.email), turn: 0 }
      const { status, text } = await send(seat.place.token, `POST /${org.slug}/${seat.place.slug}/envs/default/apply`, {
        json: catalog,
      })
      if (status !== 200) throw new Error(text)
      return seat
    }),
  )
  async function browser(email: string): Promise<Record<string, string>> {
    return { cookie: cookieOf(await signIn(server.url, email, password)), 'sec-fetch-site': 'same-origin' }
  }

  const start = performance.now()
  const elapsed = () => performance.now() - start
  const end = seconds * 1000
  let isPurging = false
  const timed = async (kind: string, work: () => Promise<void>) => {
    const since = performance.now()
    const duringPurge = isPurging
    await work().catch((error: unknown) => failures.push(`${kind}: ${String(error).slice(0, 300)}`))
    samples.push({ kind, took: performance.now() - since, duringPurge })
    progress((Math.min(elapsed(), end) / 1000) | 0, seconds, `s, ${samples.length} done, ${failures.length} failed`)
  }
  const call: Call = async <Body>(status: number, who: Parameters<Call>[1], request: string, json?: unknown) => {
    const answer = await send<Body>(who, request, json === undefined ? {} : { json })
    if (answer.status !== status) throw new Error(`${request}: ${answer.status} ${answer.text}`)
    return answer.body
  }

  async function work(seat: Seat) {
    // Each kind once, then at random.
    for (const kind of names) await timed(kind, () => kinds[kind]!.run(call, seat))
    while (elapsed() < end) {
      const kind = dice[Math.floor(Math.random() * dice.length)]!
      await timed(kind, () => kinds[kind]!.run(call, seat))
      await sleep(Math.random() * 2 * PAUSE)
    }
  }
  async function signInNowAndThen() {
    while (elapsed() < end) {
      const seat = seats[Math.floor(Math.random() * seats.length)]!
      await timed('sign-in', async () => {
        const headers = await browser(seat.org.email)
        await call(200, headers, 'GET /me')
      })
      await sleep(Math.min(SIGN_IN, end / 5))
    }
  }
  async function watch() {
    while (elapsed() < end) {
      const megabytes = residentMegabytes(server.pid)
      if (megabytes !== undefined) memory.push({ at: elapsed(), megabytes })
      await sleep(Math.min(10_000, end / 5))
    }
  }
  let took: number | undefined
  async function purgeInSecondHalf() {
    await sleep(end / 2)
    isPurging = true
    const since = performance.now()
    await purge(db, server, world.doomed).catch((error: unknown) => failures.push(`purge: ${String(error)}`))
    took = (performance.now() - since) / 1000
    isPurging = false
  }
  await Promise.all([...seats.map(work), signInNowAndThen(), watch(), purgeInSecondHalf()])
  for await (const { slug, findings } of verifyAudit(db))
    failures.push(...findings.map(({ what }) => `the chain of ${slug}: ${what}`))
  if (!server.isRunning()) failures.push(`the server ended: ${server.output.join('\n')}`)
  return { samples, memory, seconds: { purge: took }, failures, world }
}
