import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '#config/config'
import { bytesOfRoutes } from '#test/support/measure/bundle'
import { createTestDatabase } from '#test/support/database/database'
import { apiFolder, isBuilt, mapsFolder } from '../tools/build.mjs'
import { type Server, startServer } from './support/servers/server.ts'

describe.skipIf(!isBuilt())('the output of `next build`', () => {
  const output = join(projectRoot, '.next')

  test('has pages and what belongs to Next, and no other route of the API', () => {
    const routes = JSON.parse(readFileSync(join(output, 'app-path-routes-manifest.json'), 'utf8')) as Record<string, string>
    const handlers = Object.keys(routes).filter((name) => name.endsWith('/route'))
    expect(handlers.toSorted()).toEqual(['/(ops)/[...unknown]/route', '/api/auth/[...nextauth]/route'])
    expect(routes).toHaveProperty(['/(console)/console/[org]/[project]/members/page'])
  })

  test('is small: no cache, and no source maps', () => {
    const others = [apiFolder, mapsFolder, '.next/dev'].map((folder) => join(projectRoot, folder))
    const files = readdirSync(output, { recursive: true })
      .map((name) => join(output, String(name)))
      .filter((file) => !others.some((folder) => file.startsWith(folder)) && statSync(file).isFile())
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([])
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0)
    expect(bytes).toBeLessThan(25 * 1024 * 1024)
  })
})

/** What a page may weigh more than the last report says, before somebody should look. */
const SLACK = 2000

describe.skipIf(!isBuilt())('the JavaScript of each page', () => {
  const recorded = JSON.parse(readFileSync(join(projectRoot, 'bench', 'results', 'bundle.json'), 'utf8')) as {
    raw: { routes: Record<string, number> }
  }

  test('is at most 2 kB more than recorded; `npm run bench bundle` says what weighs', () => {
    const now = bytesOfRoutes(join(projectRoot, '.next'))
    const heavier = Object.entries(now).filter(([route, bytes]) => bytes > (recorded.raw.routes[route] ?? 0) + SLACK)
    expect(heavier).toEqual([])
    expect(Object.keys(now)).toEqual(Object.keys(recorded.raw.routes))
  })
})

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
