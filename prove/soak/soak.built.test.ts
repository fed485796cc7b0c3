import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '#test/support/database/database'
import { startServer, type Server } from '#test/support/servers/server'
import { isBuilt } from '../../tools/build.mjs'
import { kinds } from './kinds.ts'
import { tableOf } from './measured.ts'
import { soak } from './soak.ts'
import { settings } from '../whole-server.ts'

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

  test('serves every kind of request beside a purge without an error', { timeout: 0 }, async () => {
    const size = { organizations: 2, projects: 60, members: 300, purged: 3000 }
    const { samples, failures } = await soak({ ...database, server }, { seconds: SECONDS, clients: 6, size })
    expect(failures).toEqual([])
    const table = tableOf(samples)
    for (const kind of Object.keys(kinds)) expect(table).toContain(kind)
  })
})
