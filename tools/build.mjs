import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findNode24, root } from './node24.mjs'
import { run } from './step.mjs'

const folders = ['app', 'components', 'queries', 'contract', 'config', 'domain', 'db', 'server', 'demo', 'public']
const files = ['next.config.mjs', 'postcss.config.mjs', 'tsconfig.json', 'package.json', 'package-lock.json']

const output = join(root, '.next')
/** The API as Next serves it, which only tests and benchmarks need. */
export const apiFolder = '.next/api'
/** The pages with the source maps of their scripts, for the report on what they weigh. */
export const mapsFolder = '.next/maps'

/** Where Next looks for its cache, and where that stays between builds: it is no part of the product. */
const cacheInUse = join(output, 'cache')
const cache = join(root, 'node_modules', '.cache', 'next-build')

/** Content hashes of the build's inputs: a clone, a checkout and a touch change the times of all files. */
function sources() {
  const inFolders = folders
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))))
  return [...inFolders, ...files.map((file) => join(root, file)).filter((path) => existsSync(path))]
    .filter((path) => !/\.test\.tsx?$/.test(path) && statSync(path).isFile())
    .toSorted()
}

function fingerprint() {
  const hash = createHash('sha256')
  for (const path of sources())
    hash
      .update(`${path.slice(root.length)}\0`)
      .update(readFileSync(path))
      .update('\0')
  return hash.digest('hex')
}

/** @param {string} folder */
const stampOf = (folder) => join(folder, 'built-from')

/** Whether the last `next build` into this folder used the current sources. */
export function isBuilt(folder = output) {
  if (!existsSync(stampOf(folder)) || !existsSync(join(folder, 'BUILD_ID'))) return false
  return readFileSync(stampOf(folder), 'utf8') === fingerprint()
}

/**
 * Runs `next build` and records its inputs.
 * @param {string} folder
 * @param {Record<string, string>} settings
 */
async function buildInto(folder, settings) {
  const before = fingerprint()
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...settings }
  const outcome = await run(findNode24() ?? process.execPath, [next, 'build'], env)
  if (outcome.code === 0) writeFileSync(stampOf(folder), before)
  return outcome
}

/** @param {string} from @param {string} to */
function move(from, to) {
  if (!existsSync(from)) return
  rmSync(to, { recursive: true, force: true })
  mkdirSync(dirname(to), { recursive: true })
  renameSync(from, to)
}

/**
 * Builds the pages. A second build in the same folder means that somebody changes the code: only from then on is a cache kept,
 * which makes a build three times as fast, but the one that first fills it a quarter slower.
 */
export async function build() {
  const isAgain = existsSync(stampOf(output))
  if (isAgain) move(cache, cacheInUse)
  const outcome = await buildInto(output, { NEXT_BUILD_CACHE: isAgain ? 'on' : 'off' })
  if (isAgain) move(cacheInUse, cache)
  rmSync(cacheInUse, { recursive: true, force: true })
  return outcome
}

/** @param {{ code: number, output: string }} outcome */
function assertBuilt({ code, output: text }) {
  if (code !== 0) throw new Error(`next build failed\n${text}`)
}

/** Builds the pages when needed, and says so. Throws the output of `next build` when it fails. */
export async function ensureBuilt() {
  if (isBuilt()) return
  console.error('Building the console (next build) …')
  assertBuilt(await build())
}

/** Whether the last build of the API used the current sources. */
export const isApiBuilt = () => isBuilt(join(root, apiFolder))

/** Builds the API for `next start`. The build of the pages drops it. */
export const buildApi = () => buildInto(join(root, apiFolder), { NEXT_API: 'only', NEXT_FOLDER: apiFolder })

/** Builds the API for `next start` when needed. */
export async function ensureApiBuilt() {
  if (!isApiBuilt()) assertBuilt(await buildApi())
}

/** Builds the pages with source maps, from whatever the sources are. */
export async function buildWithMaps() {
  assertBuilt(await buildInto(join(root, mapsFolder), { NEXT_BROWSER_MAPS: 'on', NEXT_FOLDER: mapsFolder }))
}
