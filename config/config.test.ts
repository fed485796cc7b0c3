import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { projectRoot, publicUrl, readConfig } from './config.ts'
import { StartError } from './start-error.ts'

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'bulkhead-config-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const read = (environment: Record<string, string> = {}) => readConfig({ BULKHEAD_DATA_DIR: dataDir, ...environment })
const secret = 'x'.repeat(32)

describe('readConfig', () => {
  test('has a default for everything', () => {
    expect(read()).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: undefined,
      publicUrl: undefined,
      admin: undefined,
    })
    expect(read()).toMatchObject({ nukeRetentionHours: 72, logLevel: 'info', databasePool: 24 })
  })

  test('creates the secret once, readable only by its owner', () => {
    const first = read().secret
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(read().secret).toBe(first)
    expect(statSync(join(dataDir, 'secret')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(dataDir, 'secret'), 'utf8').trim()).toBe(first)
  })

  test('treats an empty setting as absent', () => {
    expect(read({ PORT: '', BULKHEAD_URL: '' }).port).toBe(3000)
  })

  test('resolves a relative data folder from the project, wherever the process was started', () => {
    expect(read({ BULKHEAD_DATA_DIR: 'data/x', BULKHEAD_SECRET: secret }).dataDir).toBe(join(projectRoot, 'data/x'))
  })

  test('reads a complete configuration', () => {
    const environment = {
      PORT: '8080',
      DATABASE_URL: 'postgres://u:p@pooler:6432/b',
      DATABASE_DIRECT_URL: 'postgres://u:p@db:5432/b',
      BULKHEAD_SECRET: secret,
      BULKHEAD_URL: 'https://b.example.com/',
      BULKHEAD_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8',
      BULKHEAD_ADMIN_EMAIL: 'a@example.com',
      BULKHEAD_ADMIN_PASSWORD: 'correct horse',
      BULKHEAD_ORG: 'Acme',
      BULKHEAD_NUKE_RETENTION_HOURS: '0',
    }
    expect(read(environment)).toMatchObject({
      port: 8080,
      databaseUrl: 'postgres://u:p@pooler:6432/b',
      databaseDirectUrl: 'postgres://u:p@db:5432/b',
      secret,
      publicUrl: 'https://b.example.com',
      trustedProxies: ['127.0.0.1', '10.0.0.0/8'],
      admin: { email: 'a@example.com', password: 'correct horse', organization: 'Acme' },
      nukeRetentionHours: 0,
    })
  })

  test.for([
    [{ PORT: '99999' }, 'The setting PORT must be a whole number from 0 to 65535.'],
    [{ PORT: 'http' }, 'The setting PORT must be a whole number from 0 to 65535.'],
    [{ DATABASE_URL: 'mysql://db' }, 'The setting DATABASE_URL must look like postgres://user:password@host:5432/name.'],
    [{ DATABASE_DIRECT_URL: 'postgres://db/b' }, 'Set DATABASE_URL too, or remove DATABASE_DIRECT_URL.'],
    [{ DATABASE_URL: 'postgres://db/b' }, 'Set BULKHEAD_SECRET, which DATABASE_URL requires; `openssl rand -hex 32` prints one.'],
    [
      { BULKHEAD_TRUSTED_PROXIES: 'nginx' },
      'The setting BULKHEAD_TRUSTED_PROXIES must be IP addresses or networks separated by commas, such as 127.0.0.1,10.0.0.0/8.',
    ],
    [
      { BULKHEAD_WEBHOOK_ALLOWED_HOSTS: 'https://collector.internal/' },
      'The setting BULKHEAD_WEBHOOK_ALLOWED_HOSTS must be hosts separated by commas, such as collector.internal or 127.0.0.1:8088.',
    ],
    [
      { BULKHEAD_SECRET: 'short' },
      'The setting BULKHEAD_SECRET must have at least 32 characters; `openssl rand -hex 32` prints one.',
    ],
    [{ BULKHEAD_URL: 'https://b.example.com/console' }, 'The setting BULKHEAD_URL must not have a path.'],
    [{ BULKHEAD_ADMIN_EMAIL: 'a@example.com' }, 'Set both BULKHEAD_ADMIN_EMAIL and BULKHEAD_ADMIN_PASSWORD, or neither.'],
    [
      { BULKHEAD_NUKE_RETENTION_HOURS: '-1' },
      'The setting BULKHEAD_NUKE_RETENTION_HOURS must be a whole number from 0 to 87600.',
    ],
    [
      { BULKHEAD_OIDC_ISSUER: 'http://login.example.com', BULKHEAD_OIDC_CLIENT_ID: 'bulkhead' },
      'The setting BULKHEAD_OIDC_ISSUER must start with https://, unless the provider runs on this machine.',
    ],
    [
      { BULKHEAD_OIDC_ISSUER: 'login.example.com', BULKHEAD_OIDC_CLIENT_ID: 'bulkhead' },
      'The setting BULKHEAD_OIDC_ISSUER must be the sign-in provider’s URL, such as https://login.example.com.',
    ],
    [
      { BULKHEAD_OIDC_ISSUER: 'https://login.example.com' },
      'Set both BULKHEAD_OIDC_ISSUER and BULKHEAD_OIDC_CLIENT_ID, or neither.',
    ],
    [
      { BULKHEAD_OIDC_SCOPES: 'email profile' },
      'The setting BULKHEAD_OIDC_SCOPES must be scopes separated by spaces, including openid.',
    ],
    [
      { BULKHEAD_EMAIL_CLAIM: 'email upn' },
      'The setting BULKHEAD_EMAIL_CLAIM must be the name of one claim, such as email or upn.',
    ],
    [
      { BULKHEAD_TRUSTED_EMAIL_ISSUERS: 'https://login.example.com,,https://other.example.com' },
      'The setting BULKHEAD_TRUSTED_EMAIL_ISSUERS must be issuer URLs separated by commas, exactly as in their tokens, such as https://login.example.com.',
    ],
    [
      { BULKHEAD_LOG_LEVEL: 'loud' },
      'The setting BULKHEAD_LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent.',
    ],
  ] as const)('refuses %o', ([environment, sentence]) => {
    expect(() => read(environment)).toThrow(new StartError(sentence))
  })

  test.for([
    ['BULKHEAD_SMTP_URI', 'did you mean BULKHEAD_SMTP_URL?'],
    ['BULKHEAD_TRUSTED_PROXY', 'did you mean BULKHEAD_TRUSTED_PROXIES?'],
    ['BULKHEAD_ADMIN_MAIL', 'did you mean BULKHEAD_ADMIN_EMAIL?'],
    ['BULKHEAD_SECRETS', 'did you mean BULKHEAD_SECRET?'],
    ['BULKHEAD_HOST', 'did you mean HOST?'],
    ['BULKHEAD_DATABASE_URL', 'did you mean DATABASE_URL?'],
    ['BULKHEAD_EVERYTHING_IN_ONE_LINE', 'remove it.'],
    ['BULKHEAD_', 'remove it.'],
    [`BULKHEAD_${'X'.repeat(100_000)}`, 'remove it.'],
  ] as const)('refuses the unknown setting %s', ([name, advice]) => {
    expect(() => read({ [name]: 'x' })).toThrow(new StartError(`There is no setting ${name}: ${advice}`))
    expect(() => read({ [name]: '' })).not.toThrow()
  })

  test.for([
    ['BULKHEAD_SERVICE_HOST', '10.96.0.7'],
    ['BULKHEAD_SERVICE_PORT', '3000'],
    ['BULKHEAD_SERVICE_PORT_HTTP', '3000'],
    ['BULKHEAD_PORT', 'tcp://10.96.0.7:3000'],
    ['BULKHEAD_PORT_3000_TCP', 'tcp://10.96.0.7:3000'],
    ['BULKHEAD_PORT_3000_TCP_ADDR', '10.96.0.7'],
    ['BULKHEAD_POSTGRES_SERVICE_HOST', '10.96.0.8'],
    ['BULKHEAD_POSTGRES_PORT', 'tcp://10.96.0.8:5432'],
    ['BULKHEAD_POSTGRES_PORT_5432_TCP_PROTO', 'tcp'],
    ['BULKHEAD_CHROMIUM', '/usr/bin/chromium'],
    ['BULKHEAD_SERVER', 'https://bulkhead.example.com'],
    ['bulkhead_url', 'x'],
  ] as const)('accepts %s, which belongs to another program', ([name, value]) => {
    expect(() => read({ [name]: value })).not.toThrow()
  })

  test.for(['BULKHEAD_SMTP_PORT', 'BULKHEAD_SERVICE_HOSTS', 'BULKHEAD_SERVICES_PORTS'])('refuses %s', (name) => {
    expect(() => read({ [name]: '3000' })).toThrow(`There is no setting ${name}`)
  })

  test('reports a data folder that cannot be created', () => {
    expect(() => readConfig({ BULKHEAD_DATA_DIR: '/dev/null/data' })).toThrow(/^The file .* can’t be .* \(ENOTDIR\)/)
  })
})

test('publicUrl returns a URL that a browser can open', () => {
  expect(publicUrl({ host: '127.0.0.1', publicUrl: undefined }, 3000)).toBe('http://127.0.0.1:3000')
  expect(publicUrl({ host: '0.0.0.0', publicUrl: undefined }, 81)).toBe('http://localhost:81')
  expect(publicUrl({ host: '::1', publicUrl: undefined }, 81)).toBe('http://[::1]:81')
  expect(publicUrl({ host: '::', publicUrl: 'https://b.example.com' }, 81)).toBe('https://b.example.com')
})
