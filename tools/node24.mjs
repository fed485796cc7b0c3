// Runs on the machine's own Node (20 or newer), before and after the packages are installed.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import module from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

/**
 * How `npm start` runs the server. V8 would let the space of new objects grow to three times 32 MiB and keep it, which measured
 * 75 MB more of an idle server and 90 MB more of one that applies 60,000 items, in the same time.
 */
export const serverFlags = ['--max-semi-space-size=8']

/**
 * When glibc gives freed memory of the server back; it reads this only when the process begins. Blocks above the first threshold
 * go back at once. Alone, glibc raises that to the largest block that was ever freed, up to 32 MiB, and holds 345 MB after a hundred
 * large pages: 326 MB with these. With 128 KiB it was 295 MB, but a million small chunks stopped the event loop for two seconds.
 * Two arenas instead of sixteen, and 16 MiB of free memory at the end of each instead of 64: attacks that left 110 to 180 MB left at
 * most 80 MB, and a page of projects takes 2 % longer, within the noise.
 */
export const serverEnvironment = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '16777216',
}

const isNew = (version = '') => Number(version.split('.')[0]) >= 24

/** The Node that came with the packages. */
function bundledNode() {
  for (const name of Object.keys(readJson(join(root, 'package.json')).optionalDependencies)) {
    const manifest = join(root, 'node_modules', name, 'package.json')
    if (existsSync(manifest)) return join(dirname(manifest), readJson(manifest).bin.node)
  }
  return undefined
}

/** The machine's own Node when it is new enough, else the one that came with the packages. */
export const findNode24 = () => (isNew(process.versions.node) ? process.execPath : bundledNode())

/**
 * Links the packages' Node where npm scripts look first. npm does so too, but npm 10 deletes the link again with the packages of
 * other platforms, whose program has the same name.
 */
export function linkNode24() {
  const link = join(root, 'node_modules', '.bin', 'node')
  const node = bundledNode()
  if (!node || existsSync(link) || process.platform === 'win32') return
  try {
    symlinkSync(relative(dirname(link), node), link)
  } catch {
    // Without permission to write there, each script finds its Node by itself.
  }
}

const howToGetIt = existsSync(join(root, 'package-lock.json'))
  ? 'Run npm ci, which installs it, or install Node 24 yourself.'
  : 'Install Node 24, or take the archive without -bare, which brings it.'
export const needsNode24 = `Bulkhead needs Node 24, and this is ${process.version}. ${howToGetIt}`

/**
 * npm signals the shell between it and this process. Some shells just die of that, and the process would keep running unseen.
 * @param {() => void} stop
 */
function whenOrphaned(stop) {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, 200).unref()
}

/** Where Node keeps compiled code between runs: with it, a command starts in half the time. */
export const compileCache = process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'compiled')

/**
 * Runs one of our scripts on Node 24, in this process when possible, and exits with the script's code.
 * @param {string} script its path in the project
 * @param {string[]} args
 * @param {Record<string, string>} settings environment variables that must be there when the process begins
 * @param {string[]} flags options of Node that the process must begin with
 */
export async function runOnNode24(script, args = [], settings = {}, flags = []) {
  linkNode24()
  process.env.NODE_COMPILE_CACHE = compileCache
  const missing = flags.filter((flag) => !process.execArgv.includes(flag))
  const isSet = missing.length === 0 && Object.keys(settings).every((name) => process.env[name] !== undefined)
  Object.assign(process.env, { ...settings, ...process.env })
  // Node 20 cannot, and starts Node 24 below.
  module.enableCompileCache?.(compileCache)
  const path = join(root, script)
  if (isNew(process.versions.node)) {
    // Begins again in the same process. Windows has no such call, and no glibc.
    if (!isSet && process.platform !== 'win32')
      process.execve?.(process.execPath, [process.execPath, ...missing, ...process.execArgv, ...process.argv.slice(1)])
    process.argv = [process.execPath, path, ...args]
    whenOrphaned(() => process.kill(process.pid, 'SIGTERM'))
    await import(pathToFileURL(path).href)
    return
  }
  const node = findNode24()
  if (!node) {
    console.error(needsNode24)
    process.exit(1)
  }
  const bin = join(root, 'node_modules', '.bin')
  const separator = process.platform === 'win32' ? ';' : ':'
  const env = { ...process.env, PATH: `${bin}${separator}${process.env.PATH}` }
  const child = spawn(node, [...missing, ...process.execArgv, path, ...args], { stdio: 'inherit', env })
  // The script handles stop signals; this process waits until it is done.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal))
  whenOrphaned(() => child.kill('SIGTERM'))
  child.on('error', (error) => {
    console.error(`${node} doesn’t run on this machine (${error.message}). Install Node 24.`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}
