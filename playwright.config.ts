import { availableParallelism } from 'node:os'
import { defineConfig } from '@playwright/test'
import { isNightly } from './test/nightly.ts'

/**
 * A second list of this flag takes the place of Playwright's own, so that stands here too. The last two: each window would render an address bar's list
 * as web pages of its own, which costs as much as the page that is tested.
 */
const withoutFeatures = [
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxPopup',
]

const flags = [
  `--disable-features=${withoutFeatures.join(',')}`,
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--disable-gpu',
  // A page of a test is gone before optimized code would pay.
  '--js-flags=--no-opt --no-maglev',
]

export default defineConfig({
  testDir: 'e2e',
  // Walks over everything of a kind, and rare cases that take long.
  ...(!isNightly && { grepInvert: /@nightly/ }),
  testMatch: '*.e2e.ts',
  globalSetup: './e2e/global-setup.ts',
  fullyParallel: true,
  // One more than cores: a sixth of the time, a test waits for a page or for the server.
  workers: availableParallelism() + 1,
  // A test that needs a retry has a bug.
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['line']],
  use: {
    actionTimeout: 15_000,
    screenshot: 'only-on-failure',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: { executablePath: process.env['BULKHEAD_CHROMIUM'] || '/usr/bin/chromium', args: flags },
  },
})
