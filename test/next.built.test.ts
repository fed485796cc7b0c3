import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectRoot } from '#config/config'
import { bytesOfRoutes } from '#test/support/measure/bundle'
import { apiFolder, isBuilt, mapsFolder } from '../tools/build.mjs'

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
