import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tool } from './checks.mjs'
import { findNode24, root } from './node24.mjs'
import { run } from './step.mjs'

/**
 * @typedef {{ code: number, output: string, passed: number, failed: number }} Counted
 * @param {{ code: number, output: string }} outcome
 * @param {string} report
 * @param {(report: any) => { passed: number, failed: number }} read
 * @returns {Counted}
 */
function count({ code, output }, report, read) {
  let counts = { passed: 0, failed: 0 }
  try {
    counts = read(JSON.parse(readFileSync(report, 'utf8')))
  } catch {
    // A suite that died before its report is counted below.
  }
  const died = counts.passed + counts.failed === 0 || (code !== 0 && counts.failed === 0)
  return { code, output, passed: counts.passed, failed: died ? 1 : counts.failed }
}

/**
 * @param {string} folder where the report goes
 * @param {('pure' | 'unit' | 'built' | 'proof' | 'siege')[]} projects of vitest.config.ts
 */
export async function unitTests(folder, ...projects) {
  const report = `${folder}/vitest-${projects.join('-')}.json`
  const answers = join(folder, 'answers')
  mkdirSync(answers, { recursive: true })
  const args = [
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  const outcome = await tool('vitest', args, { TEST_ANSWERS: answers })
  return count(outcome, report, ({ numPassedTests, numFailedTests }) => ({ passed: numPassedTests, failed: numFailedTests }))
}

/** Compares what the API answered in all tests with its documents. @param {string} folder */
export const compareAnswers = (folder) =>
  run(findNode24() ?? 'node', [join(root, 'test', 'support', 'http', 'compare-answers.ts'), join(folder, 'answers')])

/**
 * @param {string} folder
 * @param {string | undefined} chromium
 */
export async function browserTests(folder, chromium) {
  const report = `${folder}/playwright.json`
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: report, BULKHEAD_CHROMIUM: chromium ?? '' }
  const outcome = await tool('playwright', ['test', '--reporter=line,json'], env)
  return count(outcome, report, ({ stats }) => ({ passed: stats.expected, failed: stats.unexpected }))
}
