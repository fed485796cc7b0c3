// npm run prove [name …]: the proofs on a scale that is too long for every test run; without a name, all. The newest outcome of each is kept.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '#server/config'
import { machine, say, table } from '../bench/report.ts'
import { type Outcome, holds } from './outcome.ts'

type Proof = { command: string[]; scale: Record<string, string> }

const vitest = (project: 'unit' | 'built') => [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--project',
  project,
  '--testTimeout',
  '0',
]

/** Each on its own, so that nothing of one is left when the next begins. In the table's order. */
const proofs: Record<string, Proof> = {
  fuzz: { command: [...vitest('unit'), 'prove/fuzz'], scale: { PROVE_FUZZ: '100000' } },
  races: { command: [...vitest('built'), 'prove/races'], scale: { PROVE_RACES: '50' } },
  faults: { command: [...vitest('built'), '--no-file-parallelism', 'prove/faults'], scale: { PROVE_FAULTS: '50' } },
  soak: { command: ['prove/soak.ts'], scale: { PROVE_SOAK: '30' } },
  mutants: { command: ['prove/mutants.ts'], scale: {} },
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(proofs)
const unknown = wanted.find((name) => !Object.hasOwn(proofs, name))
if (unknown !== undefined) {
  say(`There is no proof ${unknown}; there are ${Object.keys(proofs).join(', ')}.`)
  process.exit(2)
}

type Proven = { outcomes: Outcome[]; minutes: number; on: string; machine: string }

const results = join(projectRoot, 'bench', 'results')
const keptIn = (name: string) => join(results, 'proof', `${name}.json`)

function outcomesIn(folder: string): Outcome[] {
  return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Outcome)
}

function prove(name: string): Proven {
  const { command, scale } = proofs[name]!
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-prove-'))
  const since = Date.now()
  say(`${name} …`)
  const env = { ...scale, ...process.env, PROVE_RESULTS: folder }
  const { status } = spawnSync(process.execPath, command, { cwd: projectRoot, env, stdio: 'inherit' })
  const outcomes = outcomesIn(folder)
  rmSync(folder, { recursive: true })
  if (status !== 0 && outcomes.every(holds))
    outcomes.push({ what: `${name}, which ended early`, tried: 0, failures: ['ended early'] })
  const on = new Date().toISOString().slice(0, 10)
  return { outcomes, minutes: (Date.now() - since) / 60_000, on, machine: machine() }
}

const rowsOf = (name: string, { outcomes, minutes, on }: Proven) =>
  outcomes.map((outcome) => [
    outcome.what,
    name,
    outcome.tried.toLocaleString('en-US'),
    outcome.failures.length.toLocaleString('en-US'),
    outcome.allowed === undefined ? '0' : `≤ ${outcome.allowed.toLocaleString('en-US')}`,
    holds(outcome) ? 'yes' : 'NO',
    minutes.toFixed(1),
    on,
  ])

const header = ['what was tried', 'proof', 'times', 'failed', 'reach', 'holds', 'minutes', 'on']

mkdirSync(join(results, 'proof'), { recursive: true })
let failed = false
for (const name of wanted) {
  const proven = prove(name)
  failed ||= !proven.outcomes.every(holds)
  writeFileSync(keptIn(name), `${JSON.stringify(proven, null, 2)}\n`)
}

const kept = Object.keys(proofs).flatMap((name) =>
  existsSync(keptIn(name)) ? [[name, JSON.parse(readFileSync(keptIn(name), 'utf8')) as Proven] as const] : [],
)
const rows = kept.flatMap(([name, proven]) => rowsOf(name, proven))
const machines = [...new Set(kept.map(([, proven]) => proven.machine))].join('; ')
const text = `${table(header, rows)}\n\nMinutes are those of the whole proof. Machine: ${machines}. \`npm run prove\`.\n`
writeFileSync(join(results, 'proof.md'), text)
process.stdout.write(`\n${text}`)
process.exit(failed ? 1 : 0)
