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

/**
 * Limits how many pages are made at once, in all and for one network: making one holds the event loop for tens of milliseconds
 * and needs no credential. The place is free again when the page begins to leave, whether or not its client reads it.
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
    let isOver = false
    const end = () => {
      if (isOver) return
      isOver = true
      // Lets the event loop turn before the next page begins.
      setImmediate(() => turns.release(share))
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
