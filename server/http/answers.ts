import { exchangeOf } from './exchange.ts'
import { createLedger } from './ledger.ts'

const MIB = 1024 * 1024
/** What is sent at once costs nothing worth counting. */
const SMALL = 64 * 1024

/** Answers that are complete and not yet read by their clients. */
const unread = createLedger(
  { own: 32 * MIB, all: 96 * MIB },
  { own: 'You have too many answers that you have not read', all: 'Too many answers of this server are not read' },
)

/**
 * Counts a long answer towards its caller until it has left; throws 429 or 503 where too much is left unread. What was changed is said all the
 * same: a refusal would be taken for one that came before.
 */
export function owe(request: Request, caller: string, body: string): void {
  const outgoing = exchangeOf(request)?.outgoing
  if (!outgoing || body.length < SMALL || outgoing.closed) return
  if (request.method === 'GET' || request.method === 'HEAD') unread.take(caller, body.length)
  else unread.hold(caller, body.length)
  outgoing.once('close', () => unread.give(caller, body.length))
}

/** Bytes of answers that are not yet read. */
export const answersHeld = () => unread.total()
