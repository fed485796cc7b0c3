import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { globSync } from 'node:fs'
import { projectRoot } from '#config/project-root'
import { paths } from '#contract/paths'
import { createTestDatabase } from '#test/support/database/database'
import { type Server, startServer } from '#test/support/servers/server'
import { isBuilt } from '../tools/build.mjs'
import { headingsOf, textOf } from './docs/markdown.ts'

const files = globSync('docs/**/*.md', { cwd: projectRoot })
const pathOf = (file: string) => paths.guideOf(file.replace(/^docs\//, '').replace(/(\/README)?\.md$/, ''))

describe.skipIf(!isBuilt())('the guides of a running server', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let server: Server
  beforeAll(async () => {
    database = await createTestDatabase()
    server = await startServer({ DATABASE_URL: database.url, BULKHEAD_SECRET: 'a secret of the tests, long enough to be one' })
  })
  afterAll(async () => {
    await server.stop()
    await database.drop()
  })

  test('are served to anybody, each with its headings', async () => {
    for (const file of files) {
      const response = await fetch(server.url + pathOf(file))
      const html = await response.text()
      expect(response.status, file).toBe(200)
      expect(html.match(/<h[1-3] id=/g)?.length, file).toBe(headingsOf(textOf(file)).length)
    }
  })

  test('show the drawing, which is served too', async () => {
    expect(await (await fetch(server.url + paths.guideOf('concepts'))).text()).toContain('<img src="/concepts.svg"')
    expect((await fetch(`${server.url}/concepts.svg`)).headers.get('content-type')).toContain('image/svg+xml')
  })

  test.for([paths.guideOf('nothing'), paths.guideOf('../../README'), paths.guideOf('adr/nothing')])(
    '%s is not found',
    async (path) => expect((await fetch(server.url + path)).status).toBe(404),
  )
})
