import type { Database } from '#db/client'
import { purgeDue } from '#domain/nuke/purge'
import { log } from '#server/log'
import { type Repeated, repeat } from './repeat.ts'

/** Milliseconds between two checks. They are cheap, and frequent for a process that found another one finishing its purge. */
const EVERY = 10_000

/** Purges what is due, in one process at a time. Starts with what an earlier process left unfinished. */
export const startPurging = (db: Database): Repeated =>
  repeat(EVERY, 'the purge', async (signal) => {
    const purged = await purgeDue(db, { signal, onBatch: (rows) => log.debug({ rows }, 'purging') })
    if (purged > 0) log.info({ purged }, 'purged')
  })
