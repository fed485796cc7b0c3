import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { linkNode24, root } from './node24.mjs'
import { run, setUp } from './step.mjs'

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }> | undefined}
 */
function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages
  } catch {
    return undefined
  }
}

/** Whether node_modules holds the versions in the lockfile. File times say little after a clone. */
export function isInstalled() {
  // What `npm run pack` packs has its packages and nothing to install from.
  if (!existsSync(join(root, 'package-lock.json'))) return true
  const locked = packagesOf('package-lock.json') ?? {}
  const installed = packagesOf('node_modules/.package-lock.json')
  if (!installed) return false
  return Object.entries(locked).every(([name, { version, optional, devOptional }]) => {
    if (name === '') return true
    // Missing optional packages belong to other platforms.
    const there = installed[name]
    return there ? there.version === version : optional || devOptional
  })
}

/** Runs `npm ci` when package-lock.json has changed since the last time. */
export async function ensureInstalled() {
  if (isInstalled()) return linkNode24()
  // npm passes the path of its own program; Windows cannot run `npm` without a shell.
  const { npm_execpath: npm, npm_node_execpath: node = process.execPath } = process.env
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund']
  await setUp('Installing the packages (npm ci)', () => (npm ? run(node, [npm, ...args]) : run('npm', args)))
  linkNode24()
}
