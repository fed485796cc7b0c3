import { PostgresQueryCompiler } from 'kysely'
import { sep } from 'node:path'

/** A statement that our code has sent, and from where: `db/queries/tokens/tokens.ts:findToken`. */
export type Sent = { sql: string; from: string }

const root = `${process.cwd()}${sep}`
/** Files that write no statements themselves, but print those of others. */
const throughput = /^(db\/prepared|test\/tenancy\/sent)\.ts$/
/** Tests and their support may send any statement. */
const foreign = /\.test\.tsx?$|^(test|bench|prove|e2e|db\/migrations)\//

/** At most half of these frames are Kysely's own. */
const FRAMES = 14

/** The origin of the statement that is being printed: the first of our frames. Undefined for a test's own statement. */
function whence(): string | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error
  Error.stackTraceLimit = FRAMES
  Error.prepareStackTrace = (_, frames) => frames
  const at: { stack?: NodeJS.CallSite[] } = {}
  Error.captureStackTrace(at, whence)
  const frames = at.stack!
  Object.assign(Error, { prepareStackTrace, stackTraceLimit })
  let found: string | undefined
  for (const frame of frames) {
    const path = frame.getFileName()?.replace('file://', '')
    if (!path?.startsWith(root) || path.includes('/node_modules/')) continue
    const ours = path.slice(root.length)
    if (throughput.test(ours)) continue
    if (found === undefined && foreign.test(ours)) return undefined
    if (found !== undefined && found !== ours) break
    found = ours
    const name = frame.getFunctionName()
    if (name) return `${ours}:${name.split('.').at(-1)}`
  }
  return found ?? 'from somewhere'
}

/**
 * Records every statement that our code prints until `stop`, once per place, except those that are known to be fine. `onSent` is
 * called with each.
 */
export function noteStatements(isFine: (sql: string) => boolean = () => false, onSent: (one: Sent) => void = () => {}) {
  const sent = new Map<string, Sent>()
  const print = PostgresQueryCompiler.prototype.compileQuery
  PostgresQueryCompiler.prototype.compileQuery = function compileQuery(...args) {
    const compiled = print.apply(this, args)
    const from = isFine(compiled.sql) ? undefined : whence()
    if (from) {
      const one = { sql: compiled.sql, from }
      sent.set(`${from} ${compiled.sql}`, one)
      onSent(one)
    }
    return compiled
  }
  return {
    sent,
    stop() {
      PostgresQueryCompiler.prototype.compileQuery = print
    },
  }
}
