import type { Database } from '#db/client'
import { type ChainOf, hasUnsealed } from '#db/queries/audit/chain'
import { sealAudit } from '#domain/audit/sealing'
import { withLease } from '#domain/lease'
import { log } from '#server/log'
import { type Repeated, repeat } from './repeat.ts'

/** The longest time in milliseconds that an event waits to be sealed, under light load. */
const EVERY = 2000
/** Milliseconds after which a broken chain is retried, and logged again. */
const REST = 60_000
/** Seconds for which a dead process still counts as sealing. */
const LEASE = 10

/**
 * Seals new events, in one process at a time. Polls, because writers that asked for it would all wait for one row of the queue,
 * or for the lock of a notification.
 */
export function startSealing(db: Database): Repeated {
  const restsUntil = new Map<ChainOf, number>()
  const isResting = (org: ChainOf) => (restsUntil.get(org) ?? 0) > Date.now()
  const onFailure = (org: ChainOf, error: unknown) => {
    restsUntil.set(org, Date.now() + REST)
    log.error(error, 'a chain of the audit log can’t be sealed; the other chains continue')
  }
  return repeat(EVERY, 'sealing the audit log', async (signal) => {
    if (!(await hasUnsealed(db))) return
    await withLease(db, 'sealing', LEASE, async (renew) => {
      const goOn = async () => {
        signal.throwIfAborted()
        await renew()
      }
      const events = await sealAudit(db, { goOn, isResting, onFailure })
      if (events > 0) log.debug({ events }, 'sealed')
    })
  })
}
