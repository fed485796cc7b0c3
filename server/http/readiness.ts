import { type Database, type Trx, ping } from '#db/client'
import { DomainError } from '#domain/errors'
import { isDraining } from '#server/lifecycle'

export { health, versions } from '#server/lifecycle'

/** Ready while the database answers and no stop was requested. */
export async function assertReady(db: Database | Trx): Promise<{ ok: true }> {
  if (isDraining()) throw new DomainError('unavailable', 'This process is stopping')
  await ping(db)
  return { ok: true }
}
