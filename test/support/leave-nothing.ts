import { afterAll, vi } from 'vitest'

/* The next test file in this process finds the settings as this one did, and no database of this one. */

const before = { ...process.env }
const database = Symbol.for('bulkhead.database')

afterAll(() => {
  vi.unstubAllEnvs()
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
  Object.assign(process.env, before)
  if (database in globalThis) throw new Error('The process’s database is still open; end it with replaceDatabase().')
})
