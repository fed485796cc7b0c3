import { database, ping } from '#db/client'
import { noteDatabase } from '../lifecycle.ts'

/** Milliseconds between two checks. */
const EVERY = 5000

/** Checks whether the database answers, now and again and again, one check at a time. Returns a function that ends it. */
export function watchDatabase(every: number = EVERY): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const check = async () => {
    const answers = await ping(database({ class: 'auth' })).then(
      () => true,
      () => false,
    )
    if (isOver) return
    noteDatabase(answers)
    timer = setTimeout(() => void check(), every).unref()
  }
  void check()
  return async () => {
    isOver = true
    clearTimeout(timer)
  }
}
