import type { Database } from '#db/client'
import { purgeDue } from '#domain/nuke/purge'
import { log } from '#server/log'
import { type Repeated, repeat } from './repeat.ts'

/** Milliseconds between two looks. The look is cheap, and so often that nobody waits long who met another process at its end. */
const EVERY = 10_000

/** Purges what is due, in one process at a time: at the start what the last one has left undone. */
export const startPurging = (db: Database): Repeated =>
  repeat(EVERY, 'the purge', async (signal) => {
    const purged = await purgeDue(db, { signal, onBatch: (rows) => log.debug({ rows }, 'purging') })
    if (purged > 0) log.info({ purged }, 'purged')
  })
