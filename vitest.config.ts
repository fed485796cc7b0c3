import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '.next/**', '.data/**', 'e2e/**', 'bench/**'],
    globalSetup: './server/setup/test-database.ts',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    env: { BULKHEAD_LOG_LEVEL: 'silent', TZ: 'UTC' },
  },
})
