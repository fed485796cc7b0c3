import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { compileCache, findNode24, root } from './node24.mjs'
import { run } from './step.mjs'
import { checkWords } from './words.mjs'

const bin = join(root, 'node_modules', '.bin')

/** Puts Node 24 first on the PATH of tools, as in an npm script. */
export const toolEnvironment = () => ({
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH}`,
  NEXT_TELEMETRY_DISABLED: '1',
  NODE_COMPILE_CACHE: compileCache,
})

/**
 * @param {string} name a program of an installed package
 * @param {string[]} args
 * @param {Record<string, string>} env
 */
export function tool(name, args = [], env = {}) {
  const file = join(bin, process.platform === 'win32' ? `${name}.cmd` : name)
  return run(file, args, { ...toolEnvironment(), ...env })
}

/**
 * @typedef {{ code: number, output: string }} Outcome
 * @typedef {{ name: string, work: () => Promise<Outcome> }} Check
 */

/** The linter reads all types for its rules, and so reports their errors too. @returns {Promise<Outcome>} */
async function lint() {
  // Next writes next-env.d.ts and the types of the routes, which the code needs.
  if (existsSync(join(root, 'app', 'layout.tsx')) || existsSync(join(root, 'app', '(console)'))) {
    const generated = await tool('next', ['typegen'])
    if (generated.code !== 0) return generated
  }
  return tool('oxlint', ['--type-aware', '--type-check', '--quiet'])
}

/**
 * Runs a tool of tools/api, whose packages are installed when they are first needed.
 * @param {string} name
 * @param {string[]} args
 * @returns {Promise<Outcome>}
 */
async function apiTool(name, ...args) {
  const folder = join(root, 'tools', 'api')
  if (!existsSync(join(folder, 'node_modules'))) {
    const installed = await run('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'], toolEnvironment())
    if (installed.code !== 0) return installed
  }
  return run(findNode24() ?? 'node', [join(folder, name), ...args])
}

/** The checks that need neither a browser nor the tests. Each counts as one. @type {Check[]} */
export const checks = [
  { name: 'format', work: () => tool('oxfmt', ['--check']) },
  { name: 'words', work: checkWords },
  { name: 'lint and types', work: lint },
  { name: 'API documents', work: () => apiTool('lint.mjs') },
  { name: 'generated client', work: () => apiTool('generate.mjs', '--verify') },
  { name: 'unused code', work: () => tool('knip', ['--no-progress']) },
  {
    name: 'generated schema',
    work: () => run(findNode24() ?? 'node', [join(root, 'tools', 'codegen.ts'), '--verify']),
  },
]
