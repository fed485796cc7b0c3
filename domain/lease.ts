import type { Database } from '#db/client'
import { returnLease, takeLease } from '#db/queries/leases'
import { newId } from './ids.ts'

/** Another process took the lease because this one did not renew it in time. */
export class LostLease extends Error {
  constructor(name: string) {
    super(`the lease ${name} was taken by another process`)
  }
}

/** Throws once another process holds the lease. Cheap to call often: it renews only after a quarter of the lease time. */
export type Renew = () => Promise<void>

/**
 * Runs `work` while no other process runs work of this name, and releases the lease however it ends. Undefined when another
 * process holds it. A process that dies keeps the lease for its remaining seconds.
 */
export async function withLease<T>(
  db: Database,
  name: string,
  seconds: number,
  work: (renew: Renew) => Promise<T>,
): Promise<T | undefined> {
  const holder = newId()
  if (!(await takeLease(db, name, holder, seconds))) return undefined
  let renewed = performance.now()
  const renew = async () => {
    if (performance.now() - renewed < (seconds * 1000) / 4) return
    if (!(await takeLease(db, name, holder, seconds))) throw new LostLease(name)
    renewed = performance.now()
  }
  try {
    return await work(renew)
  } finally {
    await returnLease(db, name, holder)
  }
}
