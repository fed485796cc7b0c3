import { Abandoned } from '#db/client'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** The two Node streams behind a request of the lane. */
export type Exchange = { incoming: IncomingMessage; outgoing: ServerResponse }

const exchanges = new WeakMap<Request, Exchange>()

/** The lane calls this for each request that it hands to a handler. */
export const noteExchange = (request: Request, exchange: Exchange): void => void exchanges.set(request, exchange)

/** Undefined when Next serves the handler, which has only Web streams. */
export const exchangeOf = (request: Request): Exchange | undefined => exchanges.get(request)

/** Throws `Abandoned` once the client has hung up before its answer was complete. */
export function assertStays(request: Request): void {
  const outgoing = exchangeOf(request)?.outgoing
  if (outgoing ? outgoing.closed && !outgoing.writableFinished : request.signal.aborted) throw new Abandoned()
}

/** Aborts once the client has hung up before its answer was complete. */
export function departureOf(request: Request): AbortSignal {
  const outgoing = exchangeOf(request)?.outgoing
  if (!outgoing) return request.signal
  const controller = new AbortController()
  const leave = () => {
    if (!outgoing.writableFinished) controller.abort()
  }
  if (outgoing.destroyed || outgoing.closed) leave()
  else outgoing.once('close', leave)
  return controller.signal
}
