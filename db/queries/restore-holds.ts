import { sql } from 'kysely'
import type { Database, Trx } from '../client.ts'
import { preparedFirst } from '../prepared.ts'

/** `tokens`: personal and project tokens open nothing. `sending`: webhook deliveries and mails wait. */
export type Held = 'tokens' | 'sending'

export const listHolds = (db: Database | Trx) =>
  db.selectFrom('restore_holds').select(['what', 'held_at']).orderBy('what', 'desc').$narrowType<{ what: Held }>().execute()

const findHold = preparedFirst((db, what: Held) => db.selectFrom('restore_holds').select('what').where('what', '=', what))

export const isHeld = async (db: Database | Trx, what: Held): Promise<boolean> => (await findHold(db, what)) !== undefined

export async function hold(trx: Trx, what: Held): Promise<void> {
  await trx.insertInto('restore_holds').values({ what }).execute()
}

/** False where it was not held. */
export async function release(trx: Trx, what: Held): Promise<boolean> {
  const { numDeletedRows } = await trx.deleteFrom('restore_holds').where('what', '=', what).executeTakeFirst()
  return numDeletedRows > 0n
}

/** The condition of a lookup by which a token proves who somebody is. The table has a row only after a restore. */
export const tokensAreOn = sql<boolean>`not exists (select from restore_holds where what = 'tokens')`

/** The same for claiming webhook deliveries. */
export const sendingIsOn = sql<boolean>`not exists (select from restore_holds where what = 'sending')`
