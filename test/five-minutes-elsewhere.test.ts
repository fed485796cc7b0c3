import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot } from '#config/config'
import { section, textOf } from './docs/markdown.ts'
import { type Lane, startLane } from './support/http/lane.ts'
import { type Cast, createCast } from './support/world/cast.ts'

let lane: Lane
let cast: Cast
let folder: string
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  folder = mkdtempSync(join(tmpdir(), 'bulkhead-elsewhere-'))
})
afterAll(async () => {
  await lane.stop()
  rmSync(folder, { recursive: true })
})

const [, block] = /^```sh\n([\s\S]*?)^```$/m.exec(section(textOf('docs/cli.md'), 'Five minutes on a server elsewhere'))!

/** Runs it where there is no database: neither a URL of one nor a data folder. */
const bash = () =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const program = `npx() { shift; "${process.execPath}" "${join(projectRoot, 'server', 'bulkhead.mjs')}" "$@"; }`
    const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
    const env: NodeJS.ProcessEnv = {
      NODE_ENV: 'test',
      PATH,
      HOME,
      NODE_COMPILE_CACHE,
      BULKHEAD_DATA_DIR: join(folder, 'none'),
      BULKHEAD_SERVER: lane.origin,
      BULKHEAD_TOKEN: cast.people.orgOwner.token,
    }
    const script = `${program}\n${block!.replaceAll('acme-fleet', 'acme')}`
    execFile('bash', ['--norc', '-euo', 'pipefail', '-c', script], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
  })

test('the five minutes on a server elsewhere work as written, without a database', { timeout: 120_000 }, async () => {
  const { code, stdout, stderr } = await bash()
  expect(code, stderr).toBe(0)
  // Every command says where it works, and none of them on a database.
  expect(stderr.match(new RegExp(`^Server: ${lane.origin}$`, 'gm'))).toHaveLength(block!.match(/npx bulkhead/g)!.length)
  expect(stderr).not.toContain('Database')
  expect(readdirSync(folder)).toEqual(['trial.ndjson'])
  expect(stdout).toContain('orgowner@acme.test')
  expect(stdout).toContain('+ EntityType Cluster\n+ Cell eu\n+ Entity berlin-1')
  const seen = stdout.split('\n').find((line) => line.startsWith('[{"kind":"Entity"'))!
  expect((JSON.parse(seen) as { name: string }[]).map(({ name }) => name)).toEqual(['berlin-1'])
  expect(stdout).toMatch(/A nuke of trial removes:\n(?: {2}.*\n)* {2}entities +2\n/)
  expect(stdout).toMatch(/Removed:\n(?: {2}.*\n)* {2}entities +2\n/)
  expect(stdout).toMatch(/Brought back:\n(?: {2}.*\n)* {2}entities +2\n/)
  expect(stdout).toMatch(/Imported:\n/)
  expect(readFileSync(join(folder, 'trial.ndjson'), 'utf8')).toContain('ohio-1')
  expect(stdout).toMatch(/^TIME +WHO +ACTION +TARGET$/m)
})
