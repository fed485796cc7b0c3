import type { Database } from '#db/client'
import { isHeld } from '#db/queries/restore-holds'
import { mail } from '../kinds.ts'
import { startQueue } from '../queue.ts'
import { repeat } from '../repeat.ts'

/** Milliseconds between two looks whether an operator has resumed sending after a restore. */
const EVERY = 10_000

/** Starts sending mail; in a database that was restored and not resumed, once it is. Until then mails wait in the queue. */
export async function startMail(db: Database, connectionString: string, every = EVERY) {
  type Queue = Awaited<ReturnType<typeof startQueue>>
  let queue: Queue | undefined
  async function look() {
    if (queue || (await isHeld(db, 'sending'))) return
    queue = await startQueue(connectionString, [mail(db)])
  }
  await look()
  const looking = queue ? undefined : repeat(every, 'the start of the mail', look)
  return {
    workers: () => queue?.workers ?? [],
    async stop() {
      await looking?.stop()
      await queue?.stop()
    },
  }
}
