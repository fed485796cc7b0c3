import { appendFileSync, readFileSync } from 'node:fs'
import { afterAll, inject } from 'vitest'
import { spansTenants } from './exceptions.ts'
import { type Sent, noteStatements } from './sent.ts'
import { type Unpinned, unpinned } from './unpinned.ts'

/*
 * Every statement that our code sends in any test must name its tenant. Each one that does not, and is no exception, fails its
 * test file after all of its tests, where no code can mistake it for an error of its own.
 */

const { tables, read } = inject('statements')
const pinned = new Map<string, Unpinned[]>()
/** The texts that this file is the first to send. */
const judged: string[] = []

/** Loads what this and other files of the run have checked, so that each text is parsed once per run. */
function learn() {
  // Another process may still be writing the last line.
  for (const line of readFileSync(read, 'utf8').split('\n').slice(0, -1)) {
    const [sql, found] = JSON.parse(line) as [string, Unpinned[]]
    pinned.set(sql, found)
  }
}

/** Judges each text when it is first sent, because to find out from where costs more each time than to look it up. */
function judge(sql: string) {
  if (pinned.has(sql)) return
  pinned.set(sql, unpinned(sql, tables))
  judged.push(sql)
}

/** Tells the files to come. */
const teach = () => appendFileSync(read, judged.map((sql) => `${JSON.stringify([sql, pinned.get(sql)])}\n`).join(''))

const complaint = ({ sql, from }: Sent) =>
  [
    from,
    ...pinned
      .get(sql)!
      .map(({ table, alias, by }) => `  ${alias === table ? table : `${table} ${alias}`}: by ${by.join(' or ')}`),
    `  ${sql.replaceAll(/\s+/g, ' ')}`,
  ].join('\n')

learn()
const { sent, stop } = noteStatements(
  (sql) => pinned.get(sql)?.length === 0,
  ({ sql }) => {
    try {
      judge(sql)
    } catch {
      // Fails after the tests instead.
    }
  },
)

afterAll(() => {
  stop()
  for (const { sql } of sent.values()) judge(sql)
  teach()
  const wrong = [...sent.values()].filter(({ sql, from }) => pinned.get(sql)!.length > 0 && !(from in spansTenants))
  if (wrong.length === 0) return
  throw new Error(
    `${wrong.length} sent without saying whose rows (test/tenancy/exceptions.ts has those that may be):\n\n${wrong.map(complaint).join('\n\n')}`,
  )
})
