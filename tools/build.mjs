import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findNode24, root } from './node24.mjs'
import { run } from './step.mjs'

const folders = ['app', 'components', 'queries', 'contract', 'config', 'domain', 'db', 'server', 'demo', 'public']
const files = ['next.config.mjs', 'postcss.config.mjs', 'tsconfig.json', 'package.json', 'package-lock.json']
const stamp = join(root, '.next', 'built-from')

/** What the build is made of, by content: a clone, a checkout and a touch change every file's time. */
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

/** Whether the last `next build` was made of what the sources are now. */
export function isBuilt() {
  if (!existsSync(stamp) || !existsSync(join(root, '.next', 'BUILD_ID'))) return false
  return readFileSync(stamp, 'utf8') === fingerprint()
}

/** `next build`, with a note of what it was made of. */
export async function build() {
  const before = fingerprint()
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
  const outcome = await run(findNode24() ?? process.execPath, [next, 'build'], env)
  if (outcome.code === 0) writeFileSync(stamp, before)
  return outcome
}

/** Builds where it is not built, and says so. Throws what `next build` says when it fails. */
export async function ensureBuilt() {
  if (isBuilt()) return
  console.error('Building the console (next build) …')
  const { code, output } = await build()
  if (code !== 0) throw new Error(`next build failed\n${output}`)
}
