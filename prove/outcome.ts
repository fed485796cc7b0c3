import { mkdirSync, writeFileSync } from 'node:fs'
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

/** Hands the outcome to whoever collects it. Answers what failed, a few of many; nothing while it holds. */
export function report(outcome: Outcome): string[] {
  if (folder) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${outcome.what.replaceAll(/\W+/g, '-')}.json`), JSON.stringify(outcome))
  }
  return holds(outcome) ? [] : [`${outcome.failures.length} of ${outcome.tried} failed`, ...outcome.failures.slice(0, 20)]
}
