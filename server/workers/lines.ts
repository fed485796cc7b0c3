import type { Readable } from 'node:stream'

/** Characters of a line without an end after which it is passed on in parts. */
const MOST = 1024 * 1024

/**
 * Passes on what a worker writes, line by line: several processes that write to one pipe would tear each other's lines apart.
 */
export function forwardLines(from: Readable, write: (line: string) => void): void {
  let rest = ''
  from.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) write(`${line}\n`)
    if (rest.length < MOST) return
    write(rest)
    rest = ''
  })
  from.on('end', () => {
    if (rest !== '') write(`${rest}\n`)
  })
}
