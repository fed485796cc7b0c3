import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findNode24, root } from './node24.mjs'
import { run, seconds } from './step.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const macs = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The machine's own browser, or the one in BULKHEAD_CHROMIUM. */
function findOnMachine() {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)]
  const named = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [process.env.BULKHEAD_CHROMIUM, ...named, ...macs].find((path) => path && isProgram(path))
}

async function fromDebian() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], env)
  let result = await install()
  if (result.code !== 0) {
    await run('apt-get', ['update'], env)
    result = await install()
  }
  return result
}

/** Playwright's own Chromium, in its usual place. */
function fromPlaywright() {
  const script = `process.stdout.write(require('@playwright/test').chromium.executablePath())`
  const { stdout } = spawnSync(findNode24() ?? process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' })
  return stdout && existsSync(stdout) ? stdout : undefined
}

/** The path of a Chromium for the browser tests; installs one when there is none. */
export async function ensureChromium() {
  const found = findOnMachine() ?? fromPlaywright()
  if (found) return found
  const since = Date.now()
  console.log('Installing Chromium for the browser tests …')
  const isRoot = process.getuid?.() === 0
  if (isRoot && existsSync('/usr/bin/apt-get')) await fromDebian()
  if (!findOnMachine()) {
    const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js')
    const { code, output } = await run(findNode24() ?? process.execPath, [cli, 'install', 'chromium'])
    if (code !== 0) console.error(output)
  }
  console.log(`Installing Chromium: ${seconds(since)}`)
  return findOnMachine() ?? fromPlaywright()
}
