import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '#test/support/database/database'
import { apiFolder } from '../tools/build.mjs'
import { type Server, startServer } from './support/servers/server.ts'

/** Milliseconds for what the development server first compiles, beside other tests on a busy machine. */
const COMPILING = 180_000

describe('the server of `npm run dev`', { timeout: COMPILING }, () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let server: Server
  beforeAll(async () => {
    database = await createTestDatabase()
    const secret = 'a secret of the tests, long enough to be one'
    // Apart from the folder of a developer's own server, which is locked.
    const settings = { NODE_ENV: 'development', NEXT_FOLDER: apiFolder }
    server = await startServer({ ...settings, DATABASE_URL: database.url, BULKHEAD_SECRET: secret }, ['--dev'])
  }, COMPILING)
  afterAll(async () => {
    await server.stop()
    await database.drop()
  })

  test('serves pages', async () => {
    const response = await fetch(`${server.url}/login`)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(await response.text()).toContain('Sign in')
  })

  test('serves next-auth', async () => {
    expect(await (await fetch(`${server.url}/api/auth/session`)).json()).toEqual({})
  })

  test.for([
    ['/healthz', 200],
    ['/orgs', 401],
    ['/v1/projects', 401],
    ['/no/such/path', 404],
  ] as const)('answers %s from the API: %i', async ([path, status]) => {
    const response = await fetch(`${server.url}${path}`)
    expect([response.status, response.headers.get('content-type')]).toEqual([status, expect.stringContaining('application/json')])
  })
})
