import type { Database } from '#db/client'
import { returnLease, takeLease } from '#db/queries/leases'
import { newId } from './ids.ts'

/** Another process has taken what this one did not renew in time. */
export class LostLease extends Error {
  constructor(name: string) {
    super(`the lease ${name} was taken by another process`)
  }
}

/** Throws once the lease is somebody else's. Called often: it renews when a quarter of the time has passed. */
export type Renew = () => Promise<void>

/**
 * Runs `work` while no other process does work of this name, and gives the lease back when it ends, however. Undefined when somebody else is at it.
 * A process that dies keeps the lease for so many seconds.
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
