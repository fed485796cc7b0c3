import { TryLater } from '#domain/errors'
import { exchangeOf } from './exchange.ts'
import type { Json } from './formats/print.ts'
import { type Owners, createLedger } from './ledger.ts'

const MIB = 1024 * 1024
/** Smaller answers are not counted. */
const SMALL = 64 * 1024

const budget = { own: 16 * MIB, all: 96 * MIB }
const sentences = {
  own: 'You have too many responses that you have not read. Read them first',
  all: 'The server has too many responses that its clients have not read',
}

/** Complete answers that their clients have not read yet. */
const unread = createLedger(budget, sentences, 'unread answers')

/** Throws 429 when a caller has so many unread bytes that another long answer would be made in vain. */
export function assertReads({ method }: Pick<Request, 'method'>, owners: Owners): void {
  const isRead = method === 'GET' || method === 'HEAD'
  if (isRead && unread.held(owners.at(-1)!) > budget.own / 4) throw new TryLater('too_much_at_once', sentences.own, 1)
}

/**
 * Counts a long answer towards its caller and their organization until it has left. Throws 429 or 503 when too much is unread,
 * but never after a change: the client would take the refusal to mean that nothing changed.
 */
export function owe(request: Request, owners: Owners, body: Json): void {
  const outgoing = exchangeOf(request)?.outgoing
  if (!outgoing || body.length < SMALL || outgoing.closed) return
  if (request.method === 'GET' || request.method === 'HEAD') unread.take(owners, body.length)
  else unread.hold(owners, body.length)
  outgoing.once('close', () => unread.give(owners, body.length))
}

/** Bytes of answers that are not read yet. */
export const answersHeld = () => unread.total()
