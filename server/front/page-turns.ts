import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { networkOf } from '#domain/limits/throttle'
import { type TurnLimits, createTurns } from '../http/turns.ts'
import { refuseEarly } from './refuse-raw.ts'

/** Excludes files, and next-auth's routes, which wait for the database: neither holds the event loop for long. */
const isMade = (url = '') => !url.startsWith('/_next/static/') && !url.startsWith('/api/')

const usual: TurnLimits = {
  places: 2,
  placesOfShare: 1,
  heavyPlaces: 2,
  heavyPlacesOfShare: 1,
  waiting: 256,
  waitingOfShare: 64,
  patience: 10_000,
}

/** Milliseconds that a network's place stays taken after its page, at most. */
const MOST_REST = 100

/**
 * Limits how many pages are made at once, in all and for one network: making one holds the event loop for tens of milliseconds
 * and needs no credential. A page is made when it begins to leave, whether or not its client reads it. Its place stays taken for
 * as long again, so that one network gets at most half of the time, and the other place serves the others meanwhile.
 */
export function makingPagesInTurn(
  addressOf: (request: IncomingMessage) => string,
  make: RequestListener,
  limits: Partial<TurnLimits> = {},
): RequestListener {
  const turns = createTurns({ ...usual, ...limits })

  async function wait(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const share = networkOf(addressOf(request))
    if (!(await turns.take(share))) {
      return refuseEarly(response, {
        code: 'overloaded',
        sentence: 'Too many pages are requested at once. Try again in a moment',
        headers: { 'retry-after': '1' },
      })
    }
    const since = performance.now()
    let isOver = false
    const end = () => {
      if (isOver) return
      isOver = true
      setTimeout(() => turns.release(share), Math.min(performance.now() - since, MOST_REST))
    }
    if (response.closed) return end()
    const { writeHead } = response
    response.writeHead = ((...args: Parameters<typeof writeHead>) => {
      end()
      return writeHead.apply(response, args)
    }) as typeof writeHead
    response.once('close', end)
    make(request, response)
  }

  return (request, response) => (isMade(request.url) ? void wait(request, response) : make(request, response))
}
