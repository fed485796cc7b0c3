import type { Database } from '#db/client'
import { purgeDue } from '#domain/purge'
import { log } from '#server/log'
import { type Repeated, repeat } from './repeat.ts'

const EVERY = 60_000

/** Purges what is due: at the start what the last process has left undone, then once a minute, in one process at a time. */
export const startPurging = (db: Database): Repeated =>
  repeat(EVERY, 'the purge', async (signal) => {
    const purged = await purgeDue(db, { signal, onBatch: (rows) => log.debug({ rows }, 'purging') })
    if (purged > 0) log.info({ purged }, 'purged')
  })
