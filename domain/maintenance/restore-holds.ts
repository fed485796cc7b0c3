import { type Database, type Trx, inTransaction } from '#db/client'
import { type Held, hold, release } from '#db/queries/restore-holds'
import { cli } from '../accounts/users.ts'
import { audit } from '../audit/audit.ts'

/** The only database that there is, in the audit log. */
const target = { kind: 'database', id: 'database' }

type Restored = { backupOf: string; version: string; holds: Held[] }

/**
 * Holds back what may do harm in a database that went back in time: tokens that were revoked since, and a copy that would mail and
 * call the same people as the original. No token is changed, so nothing is lost when they are turned on again.
 */
export async function holdBack(trx: Trx, { holds, ...backup }: Restored): Promise<void> {
  for (const what of holds) await hold(trx, what)
  await audit(trx, cli, 'database.restored', target, { after: { ...backup, holds } })
}

/** False where nothing was held back. */
export async function resume(db: Database, what: Held): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const wasHeld = await release(trx, what)
    if (wasHeld) await audit(trx, cli, 'database.resumed', target, { after: { what } })
    return wasHeld
  })
}
