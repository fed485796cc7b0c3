import { spawn } from 'node:child_process'
import { root } from './node24.mjs'

/** @param {number} since */
export const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`

/**
 * Runs a program in the project's folder and returns its exit code and output.
 * @param {string} file
 * @param {string[]} args
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(file, args, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root,
      env: /** @type {NodeJS.ProcessEnv} */ (env),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: file.endsWith('.cmd'),
    })
    let wasStopped = false
    const forward = () => (wasStopped = child.kill('SIGTERM'))
    process.once('SIGTERM', forward)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('close', (code) => {
      process.off('SIGTERM', forward)
      if (wasStopped) process.exit(143)
      resolve({ code: code ?? 1, output })
    })
  })
}

/**
 * Runs a step of the set-up and prints what it does and how long it took. On failure, shows the output and exits.
 * @param {string} what
 * @param {() => Promise<{ code: number, output: string }>} work
 */
export async function setUp(what, work) {
  const since = Date.now()
  console.log(`${what} …`)
  const { code, output } = await work()
  if (code !== 0) {
    console.error(`${output}\n${what}: failed.`)
    process.exit(1)
  }
  console.log(`${what}: ${seconds(since)}`)
}
