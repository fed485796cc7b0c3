/** Characters that may wait for a slow reader. Warnings and errors may use twice as much, so that no crowd of other lines replaces them. */
const MOST_WAITING = 1024 * 1024
/** Milliseconds and characters that lines nobody waits for are gathered before they are written at once. */
const GATHER = { time: 50, length: 16 * 1024 }
/** Milliseconds between two looks whether a slow reader has caught up. */
const LOOK = 1000

type Out = Pick<NodeJS.WriteStream, 'write'> & { readonly writableLength?: number }

/**
 * Writes whole lines without waiting for whoever reads them. When the reader is too slow, lines are dropped and counted, and the
 * count is written once there is room.
 */
export function createLineWriter(out: Out) {
  let gathered = ''
  let dropped = 0
  let timer: NodeJS.Timeout | undefined

  const waiting = () => gathered.length + (out.writableLength ?? 0)

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (dropped > 0 && waiting() < MOST_WAITING / 2) {
      gathered += `${JSON.stringify({ level: 40, time: new Date().toISOString(), dropped, msg: 'lines of the log were dropped because its reader is too slow' })}\n`
      dropped = 0
    }
    if (gathered !== '') out.write(gathered)
    gathered = ''
    if (dropped > 0) later(LOOK)
  }

  function later(time: number): void {
    timer ??= setTimeout(flush, time).unref()
  }

  function add(line: string, most: number): boolean {
    if (waiting() + line.length > most) {
      dropped++
      later(LOOK)
      return false
    }
    gathered += line
    return true
  }

  return {
    /** Writes a line now, after those that were gathered. */
    write(line: string, isUrgent = false): void {
      if (add(line, isUrgent ? 2 * MOST_WAITING : MOST_WAITING)) flush()
    },
    /** Writes a line soon, together with others. */
    gather(line: string): void {
      if (!add(line, MOST_WAITING)) return
      if (gathered.length >= GATHER.length) flush()
      else later(GATHER.time)
    },
    flush,
  }
}
