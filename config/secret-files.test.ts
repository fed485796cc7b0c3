import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { readConfig } from './config.ts'
import { setting } from './environment.ts'
import { fileOf, secretSettings } from './secret-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'bulkhead-secrets-'))
afterAll(() => rmSync(folder, { recursive: true }))

let counter = 0
function file(text: string): string {
  const path = join(folder, `secret-${++counter}`)
  writeFileSync(path, text)
  return path
}

const secret = 'x'.repeat(40)

test.for(['\n', '\r\n', ''])('a secret is read from a file that ends with %o', (end) => {
  expect(readConfig({ BULKHEAD_SECRET_FILE: file(`${secret}${end}`) }).secret).toBe(secret)
})

test('every setting that holds a secret can be in a file', () => {
  const texts: Record<(typeof secretSettings)[number], string> = {
    DATABASE_URL: 'postgres://a:b@c/d',
    DATABASE_DIRECT_URL: 'postgres://a:b@e/d',
    BULKHEAD_SECRET: secret,
    BULKHEAD_PREVIOUS_SECRETS: `${secret}y`,
    BULKHEAD_ADMIN_PASSWORD: 'correct horse battery',
    BULKHEAD_OIDC_CLIENT_SECRET: 'oidc',
    BULKHEAD_SMTP_URL: 'smtp://user:password@mail.example.com',
  }
  for (const name of secretSettings) {
    vi.stubEnv(name, undefined)
    vi.stubEnv(fileOf(name), file(texts[name]))
    expect([setting(name)].flat()).toEqual([texts[name]])
  }
  const files = Object.fromEntries(secretSettings.map((name) => [fileOf(name), file(texts[name])]))
  const config = readConfig({ ...files, BULKHEAD_ADMIN_EMAIL: 'ada@example.com' })
  expect(config).toMatchObject({ databaseUrl: texts.DATABASE_URL, admin: { password: texts.BULKHEAD_ADMIN_PASSWORD } })
})

test('is refused in one sentence: both, an empty file, a missing one, and a value that breaks its rule', () => {
  const refused = (environment: Record<string, string>) => () => readConfig(environment)
  expect(refused({ BULKHEAD_SECRET: secret, BULKHEAD_SECRET_FILE: file(`other ${secret}`) })).toThrow(
    'Set BULKHEAD_SECRET or BULKHEAD_SECRET_FILE, not both.',
  )
  const empty = file('\n')
  expect(refused({ BULKHEAD_SECRET_FILE: empty })).toThrow(`The file of the setting BULKHEAD_SECRET_FILE, ${empty}, is empty.`)
  expect(refused({ BULKHEAD_SECRET_FILE: '/no/such' })).toThrow(
    'The file of the setting BULKHEAD_SECRET_FILE, /no/such, can’t be read (ENOENT).',
  )
  expect(refused({ BULKHEAD_SECRET_FILE: folder })).toThrow('can’t be read (EISDIR)')
  expect(refused({ BULKHEAD_SECRET_FILE: file('short') })).toThrow('The setting BULKHEAD_SECRET must have at least 32 characters')
  expect(refused({ BULKHEAD_SECRETS_FILE: 'x' })).toThrow('There is no setting BULKHEAD_SECRETS_FILE')
})
