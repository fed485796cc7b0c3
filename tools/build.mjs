import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findNode24, root } from './node24.mjs'
import { run } from './step.mjs'

const folders = ['app', 'components', 'queries', 'contract', 'config', 'domain', 'db', 'server', 'demo', 'public']
const files = ['next.config.mjs', 'postcss.config.mjs', 'tsconfig.json', 'package.json', 'package-lock.json']
const stamp = join(root, '.next', 'built-from')

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

/** Whether the last `next build` used the current sources. */
export function isBuilt() {
  if (!existsSync(stamp) || !existsSync(join(root, '.next', 'BUILD_ID'))) return false
  return readFileSync(stamp, 'utf8') === fingerprint()
}

/** Runs `next build` and records its inputs. */
export async function build() {
  const before = fingerprint()
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
  const outcome = await run(findNode24() ?? process.execPath, [next, 'build'], env)
  if (outcome.code === 0) writeFileSync(stamp, before)
  return outcome
}

/** Builds when needed, and says so. Throws the output of `next build` when it fails. */
export async function ensureBuilt() {
  if (isBuilt()) return
  console.error('Building the console (next build) …')
  const { code, output } = await build()
  if (code !== 0) throw new Error(`next build failed\n${output}`)
}
