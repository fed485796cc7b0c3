import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a proof tried and what failed. It holds while at most `allowed` tries failed; 0 by default. */
export type Outcome = { what: string; tried: number; failures: string[]; allowed?: number }

export const holds = ({ tried, failures, allowed = 0 }: Outcome) => tried > 0 && failures.length <= allowed

/** Set by `npm run prove`: the folder that collects outcomes. */
const folder = process.env['PROVE_RESULTS']

/** How many tries: what `npm run prove` sets in the environment, or else what fits into every test run. */
export const scaleOf = (name: string, small: number) => Number(process.env[`PROVE_${name.toUpperCase()}`] ?? small)

let lastStep = -1

/** Shows the progress of a long proof on a terminal. */
export function progress(done: number, of: number, note = ''): void {
  const step = Math.floor((done * 500) / of)
  if (!folder || step === lastStep) return
  lastStep = step
  process.stderr.write(`\r${done.toLocaleString('en-US')} of ${of.toLocaleString('en-US')} ${note}`.padEnd(60))
}

/**
 * Saves the outcome for `npm run prove`; those with one `what` are added up. Answers a sample of the failures, or nothing when it
 * holds.
 */
export function report(outcome: Outcome): string[] {
  if (folder) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${outcome.what.replaceAll(/\W+/g, '-')}-${randomUUID()}.json`), JSON.stringify(outcome))
  }
  return holds(outcome) ? [] : [`${outcome.failures.length} of ${outcome.tried} failed`, ...outcome.failures.slice(0, 20)]
}

/** The outcomes saved in a folder, by name. */
export function outcomesIn(folder: string): Outcome[] {
  const all = new Map<string, Outcome>()
  for (const file of readdirSync(folder).toSorted()) {
    const outcome = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Outcome
    const { tried = 0, failures = [] } = all.get(outcome.what) ?? {}
    all.set(outcome.what, { ...outcome, tried: tried + outcome.tried, failures: [...failures, ...outcome.failures] })
  }
  return [...all.values()]
}
