// npm test, npm run check and npm run test:proofs: runs every step even after a failure. The last line counts steps and tests.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, buildApi, isApiBuilt, isBuilt } from './build.mjs'
import { checks } from './checks.mjs'
import { ensureChromium } from './chromium.mjs'
import { ensureInstalled } from './install.mjs'
import { seconds } from './step.mjs'
import { browserTests, compareAnswers, unitTests } from './suites.mjs'

const withoutBrowser = process.argv.includes('--no-browser')
const proofsAlone = process.argv.includes('--proofs')
const reports = mkdtempSync(join(tmpdir(), 'bulkhead-reports-'))
let passed = 0
let failed = 0

/**
 * @param {string} name
 * @param {() => Promise<{ code: number, output: string, passed?: number, failed?: number }>} work
 */
async function step(name, work) {
  const since = Date.now()
  const outcome = await work()
  const ok = outcome.code === 0 && !outcome.failed
  const tests = outcome.passed === undefined ? '' : `, ${outcome.passed} passed, ${outcome.failed} failed`
  passed += outcome.passed ?? (ok ? 1 : 0)
  failed += outcome.failed ?? (ok ? 0 : 1)
  if (!ok) console.log(outcome.output)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds(since)}${tests})`)
}

await ensureInstalled()
const chromium = withoutBrowser ? undefined : await ensureChromium()

const done = async () => ({ code: 0, output: '' })
const built = () => step('build', isBuilt() ? done : build)

/** One after the other, beside the unit tests, which often wait for a database or for another process. */
async function checkAndBuild() {
  for (const { name, work } of checks) await step(name, work)
  if (withoutBrowser) return
  await built()
  await step('tests of the build', () => unitTests(reports, 'built'))
}

async function all() {
  await Promise.all([checkAndBuild(), step('unit tests', () => unitTests(reports, 'pure', 'unit'))])
  await step('answers as documented', () => compareAnswers(reports))
  // Alone, one after the other: their tests wait a limited time for each page and each call.
  if (!withoutBrowser) {
    await step('browser tests', () => browserTests(reports, chromium))
    await step('siege, short', () => unitTests(reports, 'siege'))
  }
}

async function proofs() {
  await built()
  await step('build of the API for Next', isApiBuilt() ? done : buildApi)
  process.env['NIGHTLY'] = 'yes'
  await step('proofs, short', () => unitTests(reports, 'proof'))
  await step('unit tests, with the nightly ones', () => unitTests(reports, 'unit'))
  await step('browser tests, with the nightly ones', () => browserTests(reports, chromium))
}

await (proofsAlone ? proofs() : all())
rmSync(reports, { recursive: true })
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
