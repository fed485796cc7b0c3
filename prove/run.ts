// npm run prove [name …]: the proofs on a scale that is too long for every test run; without a name, all.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '#server/config'
import { machine, say, table } from '../bench/report.ts'
import { type Outcome, holds } from './outcome.ts'

type Proof = { command: string[]; scale: Record<string, string> }

const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--testTimeout', '0']

/** Each on its own, so that nothing of one is left when the next begins. */
const proofs: Record<string, Proof> = {
  fuzz: { command: [...vitest, 'prove/fuzz'], scale: { PROVE_FUZZ: '100000' } },
  races: { command: [...vitest.with(3, 'built'), 'prove/races'], scale: { PROVE_RACES: '50' } },
  mutants: { command: ['prove/mutants.ts'], scale: {} },
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(proofs)
const unknown = wanted.find((name) => !Object.hasOwn(proofs, name))
if (unknown !== undefined) {
  say(`There is no proof ${unknown}; there are ${Object.keys(proofs).join(', ')}.`)
  process.exit(2)
}

function outcomesIn(folder: string): Outcome[] {
  return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Outcome)
}

function prove(name: string): string[][] {
  const { command, scale } = proofs[name]!
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-prove-'))
  const since = Date.now()
  say(`${name} …`)
  const env = { ...process.env, ...scale, PROVE_RESULTS: folder }
  const { status } = spawnSync(process.execPath, command, { cwd: projectRoot, env, stdio: 'inherit' })
  const outcomes = outcomesIn(folder)
  rmSync(folder, { recursive: true })
  if (status !== 0 && outcomes.every(holds))
    outcomes.push({ what: `${name}, which ended early`, tried: 0, failures: ['ended early'] })
  const minutes = ((Date.now() - since) / 60_000).toFixed(1)
  return outcomes.map((outcome) => [
    outcome.what,
    outcome.tried.toLocaleString('en-US'),
    outcome.failures.length.toLocaleString('en-US'),
    outcome.allowed === undefined ? '0' : `≤ ${outcome.allowed}`,
    holds(outcome) ? 'yes' : 'NO',
    minutes,
  ])
}

const rows = wanted.flatMap(prove)
const text = `${table(['what was tried', 'times', 'failed', 'reach', 'holds', 'minutes'], rows)}\n\nMachine: ${machine()}. \`npm run prove\`.\n`
process.stdout.write(`\n${text}`)
// Only what was tried as a whole is kept.
if (process.argv.length === 2) {
  const results = join(projectRoot, 'bench', 'results')
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, 'proof.md'), text)
}
process.exit(rows.every((row) => row[4] === 'yes') ? 0 : 1)
