import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '#test/support/database/database'
import { freePort } from '#server/postgres/reach'
import { type Server, startServer } from '../support/servers/server.ts'
import { isBuilt } from '../../tools/build.mjs'

const nonceOf = (response: Response) => /'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1]

describe.skipIf(!isBuilt())('security headers of every answer', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let server: Server
  const start = (settings: Record<string, string> = {}) =>
    startServer({
      DATABASE_URL: database.url,
      BULKHEAD_SECRET: 'a secret of the tests, long enough to be one',
      ...settings,
    })
  beforeAll(async () => {
    database = await createTestDatabase()
    server = await start()
  })
  afterAll(async () => {
    await server.stop()
    await database.drop()
  })

  const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers, redirect: 'manual' })

  test.for([
    '/login',
    '/docs',
    '/docs/guide/concepts',
    '/console/acme',
    '/console/acme/alpha/data',
    '/invite/x',
    '/console/a/b/no/such/page',
  ])('%s runs no script without the nonce of that answer', async (path) => {
    const [one, other] = [await get(path), await get(path)]
    const policy = one.headers.get('content-security-policy') ?? ''
    const scripts = /script-src ([^;]+)/.exec(policy)?.[1]
    expect(scripts).toMatch(/^'self' 'nonce-[\w+/]{22}==' 'strict-dynamic'$/)
    for (const directive of ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
      expect(policy.split('; ')).toContain(directive)
    expect(nonceOf(other)).not.toBe(nonceOf(one))
    const tags = [...(await one.text()).matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag)
    expect(tags.length).toBeGreaterThan(3)
    for (const tag of tags) expect(tag).toContain(`nonce="${nonceOf(one)}"`)
  })

  test('a client cannot choose the nonce', async () => {
    const chosen = 'AAAAAAAAAAAAAAAAAAAAAA=='
    const sent = { 'x-nonce': chosen, 'content-security-policy': `script-src 'nonce-${chosen}'` }
    const response = await get('/login', sent)
    expect(nonceOf(response)).not.toBe(chosen)
    expect(await response.text()).not.toContain(chosen)
  })

  test.for(['/login', '/icon.svg', '/api/auth/session', '/_next/no-such-file.js'])(
    '%s is isolated from other sites',
    async (path) => {
      const { headers } = await get(path)
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'same-origin',
      })
      expect(headers.has('x-powered-by')).toBe(false)
    },
  )

  test.for(['/healthz', '/openapi.json', '/orgs', '/nowhere/at/all', '/v1/projects', '/v1/openapi.json'])(
    '%s is treated as data, whatever its answer',
    async (path) => {
      expect(Object.fromEntries((await get(path)).headers)).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
      })
    },
  )

  test('browsers are told to keep to https where the public URL is https', async () => {
    const port = String(await freePort())
    const behindTls = await start({ BULKHEAD_URL: 'https://bulkhead.example', PORT: port })
    for (const path of ['/login', '/orgs']) {
      const { headers } = await fetch(`http://127.0.0.1:${port}${path}`)
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000')
      expect((await get(path)).headers.has('strict-transport-security')).toBe(false)
    }
    await behindTls.stop()
  })
})
