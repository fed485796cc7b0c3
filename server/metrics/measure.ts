import { type Database, acquire } from '#db/client'
import { readMeasured } from '#db/queries/metrics'
import { type Repeated, repeat } from '../jobs/repeat.ts'
import type { Metrics } from './metrics.ts'

/** Milliseconds between two reads, however often the metrics are scraped. */
const EVERY = 30_000

/** Reads what only the database knows, now and again and again. While it cannot be read, the last values stay and say so. */
export function startMeasuring(whole: Database, metrics: Pick<Metrics, 'measured' | 'notMeasured'>, every = EVERY): Repeated {
  const db = acquire(whole, { class: 'job', owner: 'metrics' })
  return repeat(every, 'reading the metrics from the database', async () => {
    try {
      metrics.measured(await readMeasured(db))
    } catch (error) {
      metrics.notMeasured()
      throw error
    }
  })
}
