import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { projectRoot } from '#config/config'
import { freePort } from './postgres/reach.ts'

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'bulkhead-main-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

/** Starts the server with invalid settings. */
function start(settings: Record<string, string>) {
  const env = { ...process.env, BULKHEAD_DATA_DIR: dataDir, PORT: '0', ...settings }
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    // Started outside of the project's folder: nothing may depend on the working directory.
    execFile(process.execPath, [join(projectRoot, 'server/main.ts')], { cwd: tmpdir(), env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
  })
}

describe('explains a failed start in one sentence', () => {
  const secret = 'x'.repeat(40)
  const { url } = inject('postgres')

  test('an invalid setting', async () => {
    expect(await start({ PORT: 'http' })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'The setting PORT must be a whole number from 0 to 65535.\n',
    })
  })

  test('a wrong level of the log', async () => {
    expect(await start({ BULKHEAD_LOG_LEVEL: 'verbose' })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'The setting BULKHEAD_LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent.\n',
    })
  })

  test('a database without TLS where the URL asks for it', async () => {
    const secure = new URL(url)
    secure.searchParams.set('sslmode', 'verify-full')
    const { stderr } = await start({ DATABASE_URL: secure.href, BULKHEAD_SECRET: secret })
    expect(stderr).toBe(
      `The database at ${secure.host} doesn’t offer TLS, which DATABASE_URL asks for. Turn it on there, or remove sslmode from DATABASE_URL.\n`,
    )
  })

  test('a wrong password', async () => {
    const wrong = new URL(url)
    wrong.password = 'wrong-password'
    const { code, stderr } = await start({ DATABASE_URL: wrong.href, BULKHEAD_SECRET: secret })
    expect(stderr).toBe(`The database at ${wrong.host} refuses the user bulkhead. Check DATABASE_URL.\n`)
    expect(code).toBe(1)
  })

  test('a database that does not exist', async () => {
    const missing = new URL('/nowhere', url)
    const { stderr } = await start({ DATABASE_URL: missing.href, BULKHEAD_SECRET: secret })
    expect(stderr).toBe(`The database server at ${missing.host} has no database nowhere. Create it, or change DATABASE_URL.\n`)
  })

  test('a server that does not answer', async () => {
    const nobody = new URL(url)
    nobody.port = String(await freePort())
    const { stderr } = await start({ DATABASE_URL: nobody.href, BULKHEAD_SECRET: secret })
    expect(stderr).toBe(`Bulkhead can’t reach the database at ${nobody.host} (ECONNREFUSED). Start it, or check DATABASE_URL.\n`)
  })
})
