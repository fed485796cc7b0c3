// npm run prove [name …]: runs the proofs at a scale that is too long for every test run; all without a name. Keeps the newest
// outcome of each.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '#config/config'
import { ensureBuilt } from '../tools/build.mjs'
import { ensureChromium } from '../tools/chromium.mjs'
import { machine, say, table } from '#test/support/measure/report'
import { type Outcome, holds, outcomesIn } from '#test/support/outcome'

/** `needs`: what not every machine has. */
type Proof = { commands: string[][]; scale: Record<string, string>; needs?: { isThere(): boolean; sentence: string } }

const vitest = (projects: ('pure' | 'unit' | 'built' | 'proof' | 'siege')[], ...files: string[]) => [
  'node_modules/vitest/vitest.mjs',
  'run',
  ...projects.flatMap((project) => ['--project', project]),
  '--testTimeout=0',
  ...files,
]
const playwright = (...files: string[]) => ['node_modules/@playwright/test/cli.js', 'test', '--retries=0', ...files]

/** Each in a process of its own, so that nothing carries over to the next. In the order of the table. */
const proofs: Record<string, Proof> = {
  access: {
    commands: [vitest(['unit'], 'prove/access/access', 'test/http/granting-matrix', 'test/http/inviting-matrix')],
    scale: { PROVE_ACCESS: '1000000', PROVE_GRANTS: '1' },
  },
  scopes: { commands: [vitest(['unit'], 'prove/access/scopes')], scale: { PROVE_SCOPES: '20000' } },
  fuzz: {
    commands: [vitest(['unit', 'pure'], 'prove/fuzz', 'server/http/formats/yaml')],
    scale: { PROVE_FUZZ: '100000', PROVE_SEQUENCES: '500', PROVE_FOREIGN: '30', PROVE_SOCKETS: '5000', PROVE_YAML: '5000' },
  },
  races: {
    commands: [vitest(['unit', 'proof'], 'prove/races', 'test/http/load')],
    scale: { PROVE_RACES: '50', PROVE_LOAD: '20' },
  },
  faults: { commands: [[...vitest(['proof'], 'prove/faults'), '--no-file-parallelism']], scale: { PROVE_FAULTS: '50' } },
  browser: {
    commands: [vitest(['unit', 'proof'], 'prove/browser'), playwright('xss.e2e.ts', 'foreign-page.e2e.ts')],
    scale: { PROVE_CSRF: '100', PROVE_CANARIES: '3', PROVE_XSS: '203' },
  },
  backup: { commands: [vitest(['unit'], 'prove/backup')], scale: { PROVE_BACKUP: '50' } },
  servers: { commands: [vitest(['proof'], 'prove/servers')], scale: { PROVE_SERVERS: '1', PROVE_JOBS: '400' } },
  pooler: {
    commands: [vitest(['unit', 'built', 'proof'], 'prove/pooler', 'test/contract/lane', 'test/v1', 'test/http')],
    scale: { PROVE_POOLER: '2000' },
    needs: {
      isThere: () => Boolean(process.env['PROVE_PGBOUNCER']),
      sentence:
        'PROVE_PGBOUNCER, paths of PgBouncers separated by commas, such as /usr/sbin/pgbouncer: one of 1.21 or newer, and one older than that',
    },
  },
  manifests: { commands: [vitest(['unit'], 'prove/manifests')], scale: { PROVE_MANIFESTS: '1' } },
  // Both pack into the same folder.
  pack: {
    commands: [[...vitest(['proof'], 'prove/pack/archive', 'prove/pack/commands'), '--no-file-parallelism']],
    scale: { PROVE_PACK: '1' },
  },
  image: {
    commands: [vitest(['proof'], 'prove/pack/image')],
    scale: { PROVE_IMAGE: '1' },
    needs: {
      isThere: () => process.getuid?.() === 0 && ['buildah', 'debootstrap'].every(isProgram),
      sentence: 'root, buildah and debootstrap (apt-get install buildah debootstrap)',
    },
  },
  login: { commands: [vitest(['unit'], 'prove/login')], scale: { PROVE_LOGIN: '500' } },
  limits: {
    commands: [vitest(['unit'], 'prove/limits', 'test/http/large-bodies')],
    scale: { PROVE_LIMITS: '200', PROVE_ITEMS: '100000' },
  },
  siege: { commands: [vitest(['siege'])], scale: { PROVE_SIEGE: '6' } },
  // Three widths.
  console: {
    commands: [playwright('every-screen.e2e.ts', 'keyboard.e2e.ts', 'keyboard-tasks.e2e.ts')],
    scale: { PROVE_CONSOLE: '3' },
  },
  // A press is mostly waiting, so three workers fit.
  honesty: { commands: [playwright('honesty.e2e.ts', '--workers=3')], scale: { PROVE_HONESTY: '1' } },
  soak: { commands: [['prove/soak/run.ts']], scale: { PROVE_SOAK: '30' } },
  mutants: { commands: [['prove/mutants/mutants.ts']], scale: {} },
}

function isProgram(name: string): boolean {
  return spawnSync(name, ['--version']).error === undefined
}

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(proofs)
const unknown = chosen.find((name) => !Object.hasOwn(proofs, name))
if (unknown !== undefined) {
  say(`There is no proof ${unknown}; there are ${Object.keys(proofs).join(', ')}.`)
  process.exit(2)
}

const lacking = ([, { needs }]: [string, Proof]) => needs !== undefined && !needs.isThere()
const skipped = Object.entries(proofs).filter((proof) => chosen.includes(proof[0]) && lacking(proof))
for (const [name, { needs }] of skipped) say(`${name} is left out: it needs ${needs!.sentence}.`)
const names = chosen.filter((name) => !skipped.some(([left]) => left === name))
if (names.length === 0) process.exit(2)

await ensureBuilt()
const chromium = await ensureChromium()

type Proven = { outcomes: Outcome[]; minutes: number; on: string; machine: string }

const results = join(projectRoot, 'bench', 'results')
const keptIn = (name: string) => join(results, 'proof', `${name}.json`)

function prove(name: string): Proven {
  const { commands, scale } = proofs[name]!
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-prove-'))
  const since = Date.now()
  say(`${name} …`)
  const env = { ...scale, ...process.env, PROVE_RESULTS: folder, BULKHEAD_CHROMIUM: chromium ?? '' }
  const run = (command: string[]) => spawnSync(process.execPath, command, { cwd: projectRoot, env, stdio: 'inherit' })
  const failed = commands.filter((command) => run(command).status !== 0).length > 0
  const outcomes = outcomesIn(folder)
  rmSync(folder, { recursive: true })
  if (outcomes.length === 0 || (failed && outcomes.every(holds)))
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
let hasFailed = false
for (const name of names) {
  const proven = prove(name)
  hasFailed ||= !proven.outcomes.every(holds)
  writeFileSync(keptIn(name), `${JSON.stringify(proven, null, 2)}\n`)
}

const stored = Object.keys(proofs).flatMap((name) =>
  existsSync(keptIn(name)) ? [[name, JSON.parse(readFileSync(keptIn(name), 'utf8')) as Proven] as const] : [],
)
const rows = stored.flatMap(([name, proven]) => rowsOf(name, proven))
const machines = [...new Set(stored.map(([, proven]) => proven.machine))].join('; ')
const text = `${table(header, rows)}\n\nMinutes are those of the whole proof. Machine: ${machines}. \`npm run prove\`.\n`
writeFileSync(join(results, 'proof.md'), text)
process.stdout.write(`\n${text}`)
process.exit(hasFailed ? 1 : 0)
