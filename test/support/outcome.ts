import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a proof tried and what went wrong. It holds while no more than `allowed` of the tries failed; none, when not said. */
export type Outcome = { what: string; tried: number; failures: string[]; allowed?: number }

export const holds = ({ tried, failures, allowed = 0 }: Outcome) => tried > 0 && failures.length <= allowed

/** Set by `npm run prove`: the folder that outcomes are collected in. */
const folder = process.env['PROVE_RESULTS']

/** How many to try: what `npm run prove` asks for by the environment, else what fits into every test run. */
export const scaleOf = (name: string, small: number) => Number(process.env[`PROVE_${name.toUpperCase()}`] ?? small)

let lastStep = -1

/** Says how far a long proof is, where somebody watches. */
export function progress(done: number, of: number, note = ''): void {
  const step = Math.floor((done * 500) / of)
  if (!folder || step === lastStep) return
  lastStep = step
  process.stderr.write(`\r${done.toLocaleString('en-US')} of ${of.toLocaleString('en-US')} ${note}`.padEnd(60))
}

/** Hands the outcome to whoever collects it; those of one `what` are added up. Answers what failed, a few of many; nothing while it holds. */
export function report(outcome: Outcome): string[] {
  if (folder) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${outcome.what.replaceAll(/\W+/g, '-')}-${randomUUID()}.json`), JSON.stringify(outcome))
  }
  return holds(outcome) ? [] : [`${outcome.failures.length} of ${outcome.tried} failed`, ...outcome.failures.slice(0, 20)]
}

/** What was handed into a folder, by name. */
export function outcomesIn(folder: string): Outcome[] {
  const all = new Map<string, Outcome>()
  for (const file of readdirSync(folder).toSorted()) {
    const outcome = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Outcome
    const { tried = 0, failures = [] } = all.get(outcome.what) ?? {}
    all.set(outcome.what, { ...outcome, tried: tried + outcome.tried, failures: [...failures, ...outcome.failures] })
  }
  return [...all.values()]
}
