import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '#server/postgres/reach'
import { type Server, startServer } from '#test/support/servers/server'
import { isBuilt } from '../../tools/build.mjs'
import { type Cast, createCast } from '#test/support/world/cast'
import { clientOf } from '#test/support/http/client'
import { progress, report, scaleOf } from '#test/support/outcome'
import { settings } from '../whole-server.ts'
import { type Victim, type Way, openVictim, ways } from './postgres.ts'
import { strike } from './strike.ts'

const TIMES = scaleOf('faults', 1)
const isFull = TIMES > 1
/** Milliseconds within which the server must be back after its database. */
const PATIENCE = 3000

describe.skipIf(!isBuilt() || process.platform !== 'linux')('killed at a random moment', () => {
  let victim: Victim
  let server: Server
  let cast: Cast
  let port: string
  const start = () => startServer({ ...settings, DATABASE_URL: victim.url, PORT: port })
  beforeAll(async () => {
    victim = await openVictim()
    port = String(await freePort())
    cast = await createCast(victim.db)
    server = await start()
  }, 0)
  afterAll(async () => {
    await server?.stop()
    await victim?.stop()
  })

  /** Enough rows that the purge is still running when the process is killed. */
  const target = () => ({ victim, cast, origin: server.url, purged: isFull ? 20_000 : 5000 })

  /** Waits from when the database answers until the server reports ready. */
  async function recovered(): Promise<string[]> {
    const back = await victim.back()
    const send = clientOf(server.url)
    while ((await send(null, 'GET /readyz').catch(() => undefined))?.status !== 200);
    const took = performance.now() - back
    // The time is only checked on a machine that does nothing else.
    return isFull && took > PATIENCE ? [`back ${Math.round(took)} ms after its database`] : []
  }

  test('the database, in three ways: all data is consistent, and the server recovers by itself', { timeout: 0 }, async () => {
    const failures: string[] = []
    const unanswered: string[] = []
    let answered = 0
    for (let i = 0; i < TIMES; i++) {
      const way: Way = ways[i % ways.length]!
      progress(i, TIMES, `database: ${way}, ${failures.length} failed`)
      const { wrong, seen } = await strike(target(), async () => {
        await victim.kill(way)
        return recovered()
      })
      if (wrong.length > 0) failures.push(`${way}: ${wrong.slice(0, 5).join('; ')}`)
      if (seen.cut > 0) unanswered.push(`${way}: ${seen.cut} requests were not answered`)
      if (!server.isRunning()) unanswered.push(`the server ended: ${server.output.join('\n')}`)
      answered += seen.answered
    }
    expect(report({ what: 'fault: the database killed', tried: TIMES, failures })).toEqual([])
    expect(report({ what: 'fault: requests while the database is away', tried: answered, failures: unanswered })).toEqual([])
  })

  test('the server: all data is consistent, and the next one continues', { timeout: 0 }, async () => {
    const failures: string[] = []
    for (let i = 0; i < TIMES; i++) {
      progress(i, TIMES, `server, ${failures.length} failed`)
      const { wrong } = await strike(target(), async () => {
        await server.stop('SIGKILL')
        server = await start()
        return []
      })
      if (wrong.length > 0) failures.push(wrong.slice(0, 5).join('; '))
    }
    expect(report({ what: 'fault: the server killed', tried: TIMES, failures })).toEqual([])
  })
})
