import { describe, expect, test, vi } from 'vitest'
import { setting } from './environment.ts'
import { logLevel, oidcProvider } from './settings.ts'

const stub = (environment: Record<string, string>) => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
}

describe('setting', () => {
  test('is typed, has its default, and follows a change of its variable', () => {
    vi.stubEnv('BULKHEAD_NUKE_RETENTION_HOURS', undefined)
    expect(setting('BULKHEAD_NUKE_RETENTION_HOURS')).toBe(72)
    vi.stubEnv('BULKHEAD_NUKE_RETENTION_HOURS', '5')
    expect(setting('BULKHEAD_NUKE_RETENTION_HOURS')).toBe(5)
    vi.stubEnv('BULKHEAD_NUKE_RETENTION_HOURS', '')
    expect(setting('BULKHEAD_NUKE_RETENTION_HOURS')).toBe(72)
  })

  test('is parsed once for each value', () => {
    vi.stubEnv('BULKHEAD_REDIRECT_ORIGINS', 'https://a.example, https://b.example')
    const first = setting('BULKHEAD_REDIRECT_ORIGINS')
    expect(first).toEqual(['https://a.example', 'https://b.example'])
    expect(setting('BULKHEAD_REDIRECT_ORIGINS')).toBe(first)
  })

  test('names itself and its rule when it is wrong', () => {
    vi.stubEnv('BULKHEAD_SECRET', 'short')
    expect(() => setting('BULKHEAD_SECRET')).toThrow('The setting BULKHEAD_SECRET must have at least 32 characters')
  })
})

test.for([
  [{ BULKHEAD_OIDC_ISSUER: 'https://login.example.com/realms/x' }, 'login.example.com'],
  [{ BULKHEAD_OIDC_ISSUER: 'http://127.0.0.1:8080' }, '127.0.0.1:8080'],
  [{ BULKHEAD_OIDC_ISSUER: 'http://localhost:8080', BULKHEAD_OIDC_NAME: 'Acme' }, 'Acme'],
] as const)('names the sign-in provider of %o', ([environment, name]) => {
  stub({ ...environment, BULKHEAD_OIDC_CLIENT_ID: 'bulkhead' })
  expect(oidcProvider()?.name).toBe(name)
})

test('the log has a level even while the setting is wrong, so that the start can say so', () => {
  vi.stubEnv('BULKHEAD_LOG_LEVEL', 'loud')
  expect(logLevel()).toBe('info')
})
