import { reportSlowStatements } from '#db/client'
import { statements } from '../counters.ts'
import { log } from '../log.ts'

/** Characters of a statement's text in the log. */
const MOST_TEXT = 2000

/** Logs and counts the statements that take longer than `from` milliseconds; 0 = none. */
export function logSlowStatements(from: number): void {
  reportSlowStatements(from, ({ name, text, milliseconds }) => {
    statements.slow++
    const plain = text.replaceAll(/\s+/g, ' ').trim().slice(0, MOST_TEXT)
    log.warn({ statement: name, ms: Math.round(milliseconds), text: plain }, 'slow statement')
  })
}
