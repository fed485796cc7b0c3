/**
 * Tests that `npm test` leaves out and `npm run test:proofs` runs: they start servers and databases of their own, or try all of a
 * kind. Run those of what you change (CONTRIBUTING).
 */
export const nightly = [
  'prove/**/*.test.ts',
  // Servers of PostgreSQL, started, killed and restored.
  'server/backup/restore.test.ts',
  'server/cli/restore.test.ts',
  'server/postgres/embedded.test.ts',
  'server/postgres/open-database.test.ts',
  'server/postgres/other-schema.test.ts',
  'server/postgres/pooler.test.ts',
  // Every pair of who grants and what is granted; bodies of many megabytes.
  'test/http/granting-matrix.test.ts',
  'test/http/large-bodies.test.ts',
]

/** Those that need a build: servers with several workers, both APIs through Next's own server, and the development server. */
export const nightlyOfBuild = [
  'prove/**/*.built.test.ts',
  'test/{contract,v1}/next.built.test.ts',
  'test/{dev,workers}.built.test.ts',
]

/** Whether this run has them: every night, and in a proof. */
export const isNightly = process.env['NIGHTLY'] !== undefined || process.env['PROVE_RESULTS'] !== undefined
