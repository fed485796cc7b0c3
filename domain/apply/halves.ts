import { inSavepoint } from '#db/savepoint'
import { DomainError } from '../errors.ts'
import { inTurns } from '../give-way.ts'
import { withinMetricLimits } from '../data/metrics.ts'
import type { Run } from './run.ts'

type Writing<Write> = {
  entitiesOf: (write: Write) => string[]
  /** Calls `wrote` with every number of written items, and `refuse` for items that it identifies as faulty and skips. */
  write: (some: Write[], wrote: (n: number) => void, refuse: (one: Write, error: DomainError) => void) => Promise<void>
  report: (done: number) => void
}

/**
 * Writes all items at once. If a limit, a cardinality or a sum refuses that, retries each half separately, down to the items at
 * fault. So each item succeeds or fails separately, and thousands of valid ones cost one attempt.
 * Returns why each refused item was refused.
 */
export async function inHalves<Write>(
  { trx, at }: Run,
  writes: Write[],
  { entitiesOf, write, report }: Writing<Write>,
): Promise<Map<Write, DomainError>> {
  const refused = new Map<Write, DomainError>()
  let settled = 0
  const attempt = async (some: Write[]): Promise<void> => {
    if (some.length === 0) return
    try {
      const touched = new Set<string>()
      for await (const one of inTurns(some)) for (const id of entitiesOf(one)) touched.add(id)
      await inSavepoint(trx, () =>
        withinMetricLimits(trx, at, [...touched], () => {
          let written = 0
          return write(
            some,
            (n) => report(settled + (written += n)),
            (one, error) => refused.set(one, error),
          )
        }),
      )
      report((settled += some.length))
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      if (some.length === 1) {
        refused.set(some[0]!, error)
        report(++settled)
        return
      }
      const middle = some.length >> 1
      await attempt(some.slice(0, middle))
      await attempt(some.slice(middle))
    }
  }
  await attempt(writes)
  return refused
}
