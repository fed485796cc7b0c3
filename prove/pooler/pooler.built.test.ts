import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '#config/config'
import { sessionSettings } from '#db/session-settings'
import { createTestDatabase } from '#test/support/database/database'
import { clientOf } from '#test/support/http/client'
import { progress, report, scaleOf } from '#test/support/outcome'
import { inTransactionMode, programs, startPgbouncer } from '#test/support/servers/pgbouncer'
import { type Server, startServer } from '#test/support/servers/server'
import { describeV1Api } from '#test/support/v1/surface'
import { type Cast, createCast } from '#test/support/world/cast'
import { isBuilt } from '../../tools/build.mjs'
import { describePublishedApi } from '#test/contract/published'
import { settings } from '../whole-server.ts'

const CALLS = scaleOf('pooler', 200)

const given = isBuilt() ? await programs() : []
const old = given.filter(({ preparesInTransactions }) => !preparesInTransactions)
const able = given.filter(({ preparesInTransactions }) => preparesInTransactions)

test('every program of PROVE_PGBOUNCER says its version', () => {
  expect(given.filter(({ version }) => !/^\d+\.\d+$/.test(version))).toEqual([])
})

type Pooler = Awaited<ReturnType<typeof startPgbouncer>>
type Settings = Parameters<typeof startPgbouncer>[2]

/** A database whose role has the settings, a PgBouncer in front of it, and the settings of a server behind that. */
async function behind(program: string, more: Settings) {
  const database = await createTestDatabase()
  const role = new URL(database.url).username
  const name = new URL(database.url).pathname.slice(1)
  for (const [setting, value] of Object.entries(sessionSettings))
    await sql.raw(`alter role ${role} in database ${name} set ${setting} = '${value}'`).execute(database.db)
  const pooler: Pooler = await startPgbouncer(program, database.url, more)
  return {
    database,
    pooler,
    urls: { DATABASE_URL: pooler.through(database.url), DATABASE_DIRECT_URL: database.url },
    async stop() {
      await pooler.close()
      await database.drop()
    },
  }
}

const start = (urls: Record<string, string>) => startServer({ ...settings, ...urls })

/** What a server that does not start says; undefined when it starts. */
async function refusal(urls: Record<string, string>): Promise<string | undefined> {
  try {
    await (await start(urls)).stop()
    return undefined
  } catch (error) {
    return (error as Error).message.split('\n').at(1)
  }
}

async function admin(pooler: Pooler, url: string, ...commands: string[]): Promise<void> {
  const address = new URL(pooler.through(url))
  address.pathname = '/pgbouncer'
  const client = new Client({ connectionString: address.href })
  await client.connect()
  for (const command of commands) await client.query(command)
  await client.end()
}

const forgets = 'forgets prepared statements between transactions'
const alone = 'takes no settings from its clients'

describe.for([...old, ...able])('PgBouncer $version', ({ path, version, preparesInTransactions }) => {
  const modes: [what: string, settings: Settings, expected: string | undefined][] = [
    ['transaction mode without prepared statements', { pool_mode: 'transaction' }, forgets],
    ['statement mode', { pool_mode: 'statement' }, 'allows no transactions'],
    ['one connection', { pool_mode: 'transaction', default_pool_size: 1 }, 'too few connections'],
    ['session mode', { pool_mode: 'session' }, undefined],
    ['transaction mode', inTransactionMode, undefined],
  ]
  const tried = modes.filter(([what]) => preparesInTransactions || what !== 'transaction mode')
  const none: Settings = preparesInTransactions ? { max_prepared_statements: 0 } : {}

  test('is refused or accepted by what it keeps', { timeout: 0 }, async () => {
    const failures: string[] = []
    for (const [what, more, expected] of tried)
      for (const round of [0, 1]) {
        const stage = await behind(path, { ...none, ...more, server_round_robin: round })
        const said = await refusal(stage.urls)
        if (expected === undefined ? said !== undefined : !said?.includes(expected)) failures.push(`${what}: ${said}`)
        const withoutDirect = await refusal({ DATABASE_URL: stage.urls.DATABASE_URL })
        if (!withoutDirect?.includes(alone)) failures.push(`${what}, without a direct URL: ${withoutDirect}`)
        await stage.stop()
      }
    expect(report({ what: `PgBouncer ${version}: starts and refusals`, tried: tried.length * 4, failures })).toEqual([])
  })
})

describe.for(able)('through PgBouncer $version in transaction mode', ({ path, version }) => {
  async function serve() {
    const stage = await behind(path, inTransactionMode)
    const server = await start(stage.urls)
    const stop = async () => {
      await server.stop()
      await stage.stop()
    }
    return { ...stage, server, origin: server.url, db: stage.database.db, send: clientOf(server.url), stop }
  }
  describePublishedApi(`PgBouncer ${version}`, serve)
  describeV1Api(`PgBouncer ${version}`, serve)

  describe('many callers', () => {
    let stage: Awaited<ReturnType<typeof serve>>
    let server: Server
    let cast: Cast
    beforeAll(async () => {
      stage = await serve()
      server = stage.server
      cast = await createCast(stage.db)
    })
    afterAll(() => stage.stop())

    test('read, write, nuke and undo at once, and nothing fails or is mixed up', { timeout: 0 }, async () => {
      const failures: string[] = []
      const projects = await Promise.all(['one', 'two', 'three'].map((slug) => cast.project(slug)))
      const type = { name: 'server', states: ['active'], initialState: 'active' }
      for (const { slug, tokens } of projects) await stage.send(tokens.owner, `POST /acme/${slug}/entity-types`, { json: type })
      let next = 0
      async function caller() {
        for (let i = next++; i < CALLS; i = next++) {
          progress(i, CALLS, `through PgBouncer ${version}`)
          const { slug, tokens } = projects[i % 3]!
          const at = `/acme/${slug}`
          const entity = { json: { entityType: 'server', name: `e-${i}` } }
          const requests: [string, object?][] = [
            [`POST ${at}/envs/default/entities`, entity],
            [`GET ${at}/envs/default/entities?limit=5`],
            ['GET /orgs/acme/projects'],
            [`GET /orgs/acme/projects/${slug}/members`],
            [`GET ${at}/audit-events?limit=5`],
            [`GET ${at}/stats`],
          ]
          const [request, sent] = i % 97 === 96 ? [`DELETE ${at}/nuke`] : requests[i % requests.length]!
          const { status, text } = await stage.send(tokens.owner, request, sent)
          // A nuke may just have removed the type of an entity.
          if (status >= 500 || (status >= 400 && !request.startsWith('POST')))
            failures.push(`${request}: ${status} ${text.slice(0, 200)}`)
        }
      }
      await Promise.all(Array.from({ length: 24 }, caller))
      expect(report({ what: `PgBouncer ${version}: calls at once`, tried: CALLS, failures })).toEqual([])
      expect(server.isRunning()).toBe(true)
      const logged = server.output.filter((one) => /"level":[456]0/.test(one))
      expect(logged).toEqual([])
    })

    test('are answered or refused with 503 while sessions end and the pooler restarts, and go on', { timeout: 0 }, async () => {
      const { token } = cast.people.orgOwner
      const failures: string[] = []
      const acknowledged: string[] = []
      let [isOver, counter] = [false, 0]
      async function writer() {
        while (!isOver) {
          const slug = `kept-${++counter}`
          const { status, text } = await stage.send(token, 'POST /orgs/acme/projects', { json: { name: slug, slug } })
          if (status === 201) acknowledged.push(slug)
          else if (status !== 503) failures.push(`${status} ${text}`)
        }
      }
      const more = async (n: number) => {
        const from = acknowledged.length
        await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(from + n)
      }
      const writers = Array.from({ length: 6 }, writer)
      await more(10)
      await admin(stage.pooler, stage.database.url, 'RECONNECT')
      await more(10)
      for (let i = 0; i < 5; i++) {
        await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and application_name = 'bulkhead'`.execute(stage.db)
        await more(5)
      }
      await stage.pooler.stop()
      expect((await stage.send(token, 'GET /orgs/acme/projects?q=none')).status).toBe(503)
      await stage.pooler.start()
      await more(10)
      isOver = true
      await Promise.all(writers)
      const rows = await stage.db.selectFrom('projects').select('slug').where('slug', 'like', 'kept-%').execute()
      const there = new Set(rows.map(({ slug }) => slug))
      failures.push(...acknowledged.filter((slug) => !there.has(slug)).map((slug) => `${slug} was acknowledged and is gone`))
      const what = `PgBouncer ${version}: calls while sessions end and it restarts`
      expect(report({ what, tried: counter, failures })).toEqual([])
      expect((await stage.send(null, 'GET /readyz')).status).toBe(200)
    })

    test(
      'are served by commands beside them, and a backup restores into an empty database behind it',
      { timeout: 0 },
      async () => {
        const run = (urls: Record<string, string>, ...args: string[]) =>
          promisify(execFile)(process.execPath, [join(projectRoot, 'server/bulkhead.mjs'), ...args], {
            env: { ...process.env, ...settings, ...urls },
          })
        await run(stage.urls, 'check')
        const folder = await mkdtemp(join(tmpdir(), 'bulkhead-pooler-'))
        const file = join(folder, 'backup')
        await run(stage.urls, 'backup', file)
        const empty = await behind(path, inTransactionMode)
        // Its own connection, and a session of the pooler.
        await empty.database.db.destroy()
        const name = new URL(empty.database.url).pathname.slice(1)
        const probe = new Client({ connectionString: empty.urls.DATABASE_URL })
        await probe.connect()
        await probe.query('select 1')
        await probe.end()
        await expect(run(empty.urls, 'restore', file)).rejects.toThrow('The database is in use by another program.')
        await admin(empty.pooler, empty.database.url, `KILL ${name}`)
        await run(empty.urls, 'restore', file)
        await admin(empty.pooler, empty.database.url, `RESUME ${name}`)
        expect(await refusal(empty.urls)).toBeUndefined()
        await empty.stop()
        await rm(folder, { recursive: true })
      },
    )
  })
})
