// The browser's proofs on their full scale: what `npm run prove console` runs. The console is built first, when it is not.
import { spawnSync } from 'node:child_process'
import { projectRoot } from '#server/config'
import { say } from '../bench/report.ts'
import { build, isBuilt } from '../server/setup/build.mjs'
import { ensureChromium } from '../server/setup/chromium.mjs'

if (!isBuilt()) {
  say('Building …')
  const { code, output } = await build()
  if (code !== 0) {
    say(output)
    process.exit(1)
  }
}
const proofs = ['every-screen', 'honesty', 'keyboard']
const { status } = spawnSync(process.execPath, ['node_modules/@playwright/test/cli.js', 'test', '--retries=0', ...proofs], {
  cwd: projectRoot,
  env: { ...process.env, BULKHEAD_CHROMIUM: (await ensureChromium()) ?? '' },
  stdio: 'inherit',
})
process.exit(status ?? 1)
