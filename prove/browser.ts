// The proofs about the browser: what vitest can send like one, and what only a real one does, on what `next build` makes of these sources.
import { spawnSync } from 'node:child_process'
import { projectRoot } from '#server/config'
import { build, isBuilt } from '../server/setup/build.mjs'
import { ensureChromium } from '../server/setup/chromium.mjs'

if (!isBuilt()) {
  const { code, output } = await build()
  if (code !== 0) throw new Error(output)
}
const chromium = await ensureChromium()

function passes(command: string[]): boolean {
  const env = { ...process.env, BULKHEAD_CHROMIUM: chromium ?? '' }
  return spawnSync(process.execPath, command, { cwd: projectRoot, env, stdio: 'inherit' }).status === 0
}

const sent = passes([
  'node_modules/vitest/vitest.mjs',
  'run',
  '--testTimeout',
  '0',
  'prove/csrf',
  'prove/canaries',
  'prove/fixation',
])
const shown = passes(['node_modules/@playwright/test/cli.js', 'test', 'xss', 'foreign-page', '--retries', '0'])
process.exitCode = sent && shown ? 0 : 1
