import type { Database } from '#db/client'
import { type ChainOf, hasUnsealed } from '#db/queries/audit/chain'
import { sealAudit } from '#domain/audit/sealing'
import { withLease } from '#domain/lease'
import { log } from '#server/log'
import { type Repeated, repeat } from './repeat.ts'

/** Milliseconds that an event waits to be sealed, at most, while there is little to do. */
const EVERY = 2000
/** Milliseconds after which a chain that cannot go on is tried again, and logged again. */
const REST = 60_000
/** Seconds for which a process that has died still counts as sealing. */
const LEASE = 10

/**
 * Seals what was written since the last time, in one process at a time. The writers cannot ask for it: all of them would wait for one row of the
 * queue, or for the lock of a notification.
 */
export function startSealing(db: Database): Repeated {
  const restsUntil = new Map<ChainOf, number>()
  const isResting = (org: ChainOf) => (restsUntil.get(org) ?? 0) > Date.now()
  const onFailure = (org: ChainOf, error: unknown) => {
    restsUntil.set(org, Date.now() + REST)
    log.error(error, 'a chain of the audit log cannot be sealed; the others go on')
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
