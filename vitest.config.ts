import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { isNightly, nightly, nightlyOfBuild } from './test/nightly.ts'
import { pure } from './test/pure.ts'

const elsewhere = ['**/node_modules/**', '.next/**', '.data/**', 'e2e/**', 'bench/**']

/** One PostgreSQL for all projects that need one. */
const globalSetup = './test/support/database/global-setup.ts'

const siege = 'prove/siege/siege.built.test.ts'

export default defineConfig({
  test: {
    // One more than cores: half of the time, a test waits for the database or for another process.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // A second, the default, is little for another process on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    // One caller makes the calls of many; only what tests the limit sets one that can be reached.
    env: {
      BULKHEAD_RATE_LIMIT: '1000000',
      BULKHEAD_LOG_LEVEL: 'silent',
      BULKHEAD_SECRET: 'a secret of the tests, long enough to be one',
      TZ: 'UTC',
    },
    projects: [
      // Rules alone. No test here changes anything that another one sees, so all share one set of modules.
      { extends: true, test: { name: 'pure', include: pure, exclude: elsewhere, isolate: false, unstubEnvs: true } },
      {
        extends: true,
        test: {
          name: 'unit',
          globalSetup,
          // A process runs many files, which share its modules; each file leaves nothing behind for the next.
          isolate: false,
          setupFiles: ['./test/support/leave-nothing.ts', './test/tenancy/every-statement.ts'],
          include: ['**/*.test.ts'],
          exclude: [...elsewhere, ...pure, '**/*.built.test.ts', ...(isNightly ? [] : nightly)],
        },
      },
      // What runs on the output of `next build`; skipped while there is none of the present sources.
      {
        extends: true,
        test: {
          name: 'built',
          globalSetup,
          include: ['**/*.built.test.ts'],
          exclude: [...elsewhere, ...nightlyOfBuild],
          // Each starts whole servers, beside the unit tests, on two cores.
          testTimeout: 60_000,
        },
      },
      // Whole servers that are killed, replaced and loaded: minutes, even in their short form.
      { extends: true, test: { name: 'proof', globalSetup, include: nightlyOfBuild, exclude: [siege], testTimeout: 60_000 } },
      // By itself: what a neighbor notices beside attackers would be drowned by other tests.
      { extends: true, test: { name: 'siege', globalSetup, include: [siege] } },
    ],
  },
})
