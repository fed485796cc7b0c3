import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findNode24, root } from './node24.mjs'
import { run, seconds } from './step.mjs'

/** Without windows, tabs and an address bar, which cost half as much again as the pages. */
const shell = 'chromium-headless-shell'
const names = [shell, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
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

const mayInstall = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

/** @param {string[]} args */
const install = (...args) =>
  run('apt-get', ['install', '-y', '--no-install-recommends', ...args], { ...process.env, DEBIAN_FRONTEND: 'noninteractive' })

async function fromDebian() {
  if ((await install(shell)).code === 0) return
  await run('apt-get', ['update'])
  await install(shell)
}

/** Adds the shell to Debian's Chromium, in the same version, so that no other package changes. */
async function addShell() {
  const { status, stdout } = spawnSync('dpkg-query', ['--show', '--showformat=${Version}', 'chromium'], { encoding: 'utf8' })
  // A machine without a network goes on at once, with the Chromium that it has.
  const impatient = ['Acquire::Retries=0', 'Acquire::http::Timeout=10', 'Acquire::https::Timeout=10'].flatMap((one) => [
    '-o',
    one,
  ])
  if (status === 0) await install('--no-remove', ...impatient, `${shell}=${stdout}`)
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
  const isDebians = found === '/usr/bin/chromium' && found !== process.env.BULKHEAD_CHROMIUM
  if (found && !(isDebians && mayInstall())) return found
  const since = Date.now()
  console.log('Installing Chromium for the browser tests …')
  if (found) await addShell()
  else if (mayInstall()) await fromDebian()
  if (!findOnMachine()) {
    const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js')
    const { code, output } = await run(findNode24() ?? process.execPath, [cli, 'install', 'chromium'])
    if (code !== 0) console.error(output)
  }
  console.log(`Installing Chromium: ${seconds(since)}`)
  return findOnMachine() ?? fromPlaywright()
}
