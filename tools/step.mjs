import { spawn, spawnSync } from 'node:child_process'
import { root } from './node24.mjs'

/** A program that takes more milliseconds than this is killed; the longest step takes half of it on two busy cores. */
const longest = 15 * 60_000

/** @param {number} since */
export const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`

/**
 * Kills a process and everything below it, and returns what was running, a line for each.
 * @param {number} top
 */
function killTree(top) {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,etime=,args='], { encoding: 'utf8' })
  const processes = (stdout ?? '').split('\n').map((line) => ({ line, ids: line.trim().split(/\s+/, 2).map(Number) }))
  const killed = processes.filter(({ ids }) => ids[0] === top)
  // A parent's line may stand after its child's, so every process found is asked for its own children.
  for (const { ids } of killed) killed.push(...processes.filter((other) => other.ids[1] === ids[0]))
  for (const pid of new Set([top, ...killed.map(({ ids }) => Number(ids[0]))])) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
  return killed.map(({ line }) => line.slice(0, 200)).join('\n')
}

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
    const hangs = setTimeout(() => {
      const processes = child.pid === undefined ? '' : killTree(child.pid)
      output += `\nKilled: not done after ${longest / 60_000} minutes. These were running:\n${processes}\n`
    }, longest)
    child.on('error', (error) => {
      clearTimeout(hangs)
      resolve({ code: 1, output: error.message })
    })
    // A process that it left behind may keep its output open forever.
    child.on('exit', () => {
      const left = setTimeout(() => {
        output += '\nIt ended, but a process that it started still runs.\n'
        for (const stream of [child.stdout, child.stderr]) stream.destroy()
      }, 10_000)
      child.once('close', () => clearTimeout(left))
    })
    child.on('close', (code) => {
      process.off('SIGTERM', forward)
      clearTimeout(hangs)
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
