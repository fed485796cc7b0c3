import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '#db/testing'
import { startServer, type Server } from '../e2e/server.ts'
import { isBuilt } from '../server/setup/build.mjs'
import { kinds } from './soak/kinds.ts'
import { tableOf } from './soak/measured.ts'
import { soak } from './soak/soak.ts'
import { settings } from './whole-server.ts'

const SECONDS = 4

describe.skipIf(!isBuilt())('the soak, small', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let server: Server
  beforeAll(async () => {
    database = await createTestDatabase()
    server = await startServer({ ...settings, DATABASE_URL: database.url })
  }, 0)
  afterAll(async () => {
    await server?.stop()
    await database.drop()
  })

  test('every kind of request beside a purge: no error', { timeout: 0 }, async () => {
    const size = { organizations: 2, projects: 60, members: 300, purged: 3000 }
    const { samples, failures } = await soak({ ...database, server }, { seconds: SECONDS, clients: 6, size })
    expect(failures).toEqual([])
    const table = tableOf(samples)
    for (const kind of Object.keys(kinds)) expect(table).toContain(kind)
  })
})
