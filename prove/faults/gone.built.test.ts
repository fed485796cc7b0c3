import { type Socket, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isBuilt } from '../../tools/build.mjs'
import { progress, report, scaleOf } from '#test/support/outcome'
import { type WholeServer, openWholeServer } from '../whole-server.ts'
import { BATCH, filling } from './work.ts'

const TIMES = scaleOf('faults', 2)

type Receipt = { state: string; rowCounts: { entities: number } }

/** Sends a whole request and disconnects, at once or after a delay. */
async function leave(url: string, text: string, after: number): Promise<void> {
  const { hostname, port } = new URL(url)
  const socket: Socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await new Promise<void>((resolve) => socket.once('connect', () => socket.write(text, () => resolve())))
  await sleep(after)
  socket.destroy()
}

describe.skipIf(!isBuilt())('a client who does not wait for the answer', () => {
  let whole: WholeServer
  beforeAll(async () => {
    whole = await openWholeServer()
  }, 0)
  afterAll(() => whole?.close())

  test('completes their nuke with its receipt and event, or never begins it', { timeout: 0 }, async () => {
    const { cast, server, send } = whole
    const failures: string[] = []
    let done = 0
    for (let round = 0; round < TIMES; round++) {
      progress(round, TIMES, 'client gone')
      const { slug, tokens } = await cast.project(`gone-${round}`)
      await send(tokens.owner, `POST /acme/${slug}/envs/default/apply`, { json: { items: filling } })
      const head = [`DELETE /acme/${slug}/nuke HTTP/1.1`, 'host: bulkhead', `authorization: Bearer ${tokens.owner}`, '', '']
      await leave(server.url, head.join('\r\n'), round % 2 === 0 ? 0 : Math.random() * 20)
      const preview = async () =>
        (await send<{ rowCounts: { entities: number } }>(tokens.owner, `GET /acme/${slug}/nuke/preview`)).body
      // Long enough for a nuke that began. One that never began needs no wait.
      for (const until = Date.now() + 1000; (await preview()).rowCounts.entities > 0 && Date.now() < until;) await sleep(5)
      const { rowCounts } = await preview()
      const { body: receipts } = await send<Receipt[]>(tokens.owner, `GET /orgs/acme/projects/${slug}/wipes`)
      const { body: events } = await send<{ action: string }[]>(
        tokens.owner,
        `GET /acme/${slug}/audit-events?action=project.nuked`,
      )
      const got = [
        rowCounts.entities,
        receipts.map((one) => `${one.state} ${one.rowCounts.entities}`).join(),
        events.length,
      ].join(' | ')
      if (got === `0 | restorable ${BATCH} | 1`) done++
      else if (got !== `${BATCH} |  | 0`) failures.push(got)
    }
    // If no nuke began, the test would prove nothing.
    if (done === 0) failures.push('not one nuke was begun')
    expect(report({ what: 'fault: the client goes away in the midst of a nuke', tried: TIMES, failures })).toEqual([])
  })
})
