import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '#test/support/database/database'
import { type Server, startServer } from '#test/support/servers/server'
import { isBuilt } from '../../tools/build.mjs'
import { type Cast, createCast, personalToken } from '#test/support/world/cast'
import { type Answer, type Client, clientOf } from '#test/support/http/client'
import { progress, report, scaleOf } from '#test/support/outcome'
import { settings } from '../whole-server.ts'

const TIMES = scaleOf('races', 3)

/** How often each status was answered. */
const tally = (answers: Answer<unknown>[]) => {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

const many = <T>(n: number, work: (i: number) => Promise<T>) => Promise.all(Array.from({ length: n }, (_, i) => work(i)))

/** Two whole servers on one database. `unlocked.test.ts` and the `races.test.ts` files of domain/ show that each lock is needed. */
describe.skipIf(!isBuilt())('two processes at once', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let servers: Server[]
  let cast: Cast
  let clients: Client[]
  beforeAll(async () => {
    database = await createTestDatabase()
    cast = await createCast(database.db)
    servers = await many(2, () => startServer({ ...settings, DATABASE_URL: database.url }))
    clients = servers.map(({ url }) => clientOf(url))
  })
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()))
    await database.drop()
  })

  /** Alternates between the two processes. */
  const by = (i: number) => clients[i % 2]!
  const owner = () => cast.people.orgOwner.token
  let counter = 0
  const fresh = () => cast.project(`race-${++counter}`)

  /** Runs the same race again and again; every outcome but the expected one is a failure. */
  async function race(what: string, run: () => Promise<{ got: unknown; may: unknown }>) {
    const failures: string[] = []
    for (let i = 0; i < TIMES; i++) {
      progress(i, TIMES, what)
      const { got, may } = await run()
      const [actual, expected] = [JSON.stringify(got), JSON.stringify(may)]
      if (actual !== expected) failures.push(`${actual}, not ${expected}`)
    }
    return report({ what: `race: ${what}`, tried: TIMES, failures })
  }

  test('one slug requested twenty times creates one project', { timeout: 0 }, async () => {
    const failures = await race('same slug', async () => {
      const json = { name: 'Wanted', slug: `wanted-${++counter}` }
      const answers = await many(20, (i) => by(i)(owner(), 'POST /orgs/acme/projects', { json }))
      return { got: tally(answers), may: { 201: 1, 409: 19 } }
    })
    expect(failures).toEqual([])
  })

  test('a request repeated a hundred times under one key has one effect and one answer', { timeout: 0 }, async () => {
    const failures = await race('same Idempotency-Key', async () => {
      const { slug, tokens } = await fresh()
      const headers = { 'idempotency-key': `key-${slug}` }
      const answers = await many(100, (i) =>
        by(i)<{ id: string }>(tokens.owner, `POST /acme/${slug}/tokens`, { json: { name: 'once' }, headers }),
      )
      const made = await by(0)<{ name: string }[]>(tokens.owner, `GET /acme/${slug}/tokens?limit=100`)
      const once = made.body.filter(({ name }) => name === 'once').length
      return { got: [tally(answers), new Set(answers.map(({ text }) => text)).size, once], may: [{ 201: 100 }, 1, 1] }
    })
    expect(failures).toEqual([])
  })

  test('one invitation accepted by eight at once creates one membership', { timeout: 0 }, async () => {
    const failures = await race('same invitation', async () => {
      // A late acceptance counts as a guess, and all come from one address.
      await database.db.deleteFrom('sign_in_throttles').execute()
      const email = `invited-${++counter}@example.test`
      const { body } = await by(0)<{ results: { invitation: { link: string } }[] }>(owner(), 'POST /orgs/acme/invitations', {
        json: { invitations: [{ email }] },
      })
      const token = body.results[0]!.invitation.link.split('/').at(-1)!
      const json = { name: 'Invited', password: 'tuesday apricot lantern' }
      const answers = await many(8, (i) => by(i)(null, `POST /invitations/${token}/accept`, { json }))
      const users = await database.db.selectFrom('users').select('id').where('email', '=', email).execute()
      return {
        got: [answers.filter(({ status }) => status < 300).length, tally(answers)[500] ?? 0, users.length],
        may: [1, 0, 1],
      }
    })
    expect(failures).toEqual([])
  })

  test('two owners who remove each other leave one', { timeout: 0 }, async () => {
    const failures = await race('last owner', async () => {
      const { id, slug } = await fresh()
      const [ada, bob] = [await cast.world.person(), await cast.world.person()]
      await database.db.deleteFrom('project_members').where('project_id', '=', id).execute()
      const tokens = await Promise.all(
        [ada, bob].map(async (person) => {
          await by(0)(owner(), `POST /orgs/acme/projects/${slug}/members`, { json: { userId: person.id, role: 'owner' } })
          return personalToken(database.db, person, cast.world.org.id)
        }),
      )
      await Promise.all([
        by(0)(tokens[0]!, `DELETE /orgs/acme/projects/${slug}/members/${bob.id}`),
        by(1)(tokens[1]!, `DELETE /orgs/acme/projects/${slug}/members/${ada.id}`),
      ])
      const left = await database.db
        .selectFrom('project_members')
        .select('id')
        .where('project_id', '=', id)
        .where('role', '=', 'owner')
        .execute()
      return { got: left.length, may: 1 }
    })
    expect(failures).toEqual([])
  })

  test('writes against a nuke and its undo are in a receipt or still there once acknowledged', { timeout: 0 }, async () => {
    const failures = await race('nuke and undo against writers', async () => {
      const { slug, tokens } = await fresh()
      const at = `/acme/${slug}`
      const type = { name: 'server', states: ['active'], initialState: 'active' }
      await by(0)(tokens.owner, `POST ${at}/entity-types`, { json: type })
      let acknowledged = 0
      const unexpected: number[] = []
      const write = async (i: number) => {
        const json = { entityType: 'server', name: `e-${i}` }
        const { status } = await by(i)(tokens.owner, `POST ${at}/envs/default/entities`, { json })
        if (status === 201) acknowledged++
        // A nuke may just have removed its type.
        else if (status !== 404 && status !== 400 && status !== 409) unexpected.push(status)
      }
      type Receipt = { wipeId?: string; rowCountsDeleted: { entities: number } }
      const writing = many(60, write)
      const { body: receipt } = await by(1)<Receipt>(tokens.owner, `DELETE ${at}/nuke`)
      await writing
      const count = async () => {
        const { body } = await by(0)<{ rowCounts: { entities: number } }>(tokens.owner, `GET ${at}/nuke/preview`)
        return body.rowCounts.entities
      }
      const more = many(20, (i) => write(100 + i))
      const restored = await by(0)(tokens.owner, `POST /orgs/acme/projects/${slug}/wipes/${receipt.wipeId}/restore`)
      await more
      const wipes = await by(1)<{ state: string; rowCounts: { entities: number } }[]>(
        tokens.owner,
        `GET /orgs/acme/projects/${slug}/wipes`,
      )
      const aside = wipes.body
        .filter(({ state }) => state === 'restorable')
        .reduce((sum, wipe) => sum + wipe.rowCounts.entities, 0)
      const sum = (await count()) + aside
      return { got: [unexpected, restored.status, sum], may: [[], 200, acknowledged] }
    })
    expect(failures).toEqual([])
  })

  test('a project deleted under load is only answered as there or as not found', { timeout: 0 }, async () => {
    const failures = await race('delete against everything', async () => {
      const { slug, tokens } = await fresh()
      const requests = [
        `GET /acme/${slug}/stats`,
        `GET /orgs/acme/projects/${slug}/members`,
        `DELETE /acme/${slug}/nuke`,
        `GET /acme/${slug}/audit-events`,
        `POST /acme/${slug}/environments`,
      ]
      const json = (i: number) => ({ json: { name: `env-${i}` } })
      const [deleted, ...answers] = await Promise.all([
        by(1)(owner(), `DELETE /orgs/acme/projects/${slug}`),
        ...Array.from({ length: 60 }, (_, i) => {
          const request = requests[i % requests.length]!
          return by(i)<unknown>(tokens.owner, request, request.startsWith('POST') ? json(i) : {})
        }),
      ])
      const after = await many(4, (i) => by(i)(tokens.owner, `GET /acme/${slug}/stats`))
      // A nuke of an unknown project is 403 (seed).
      const unknown = (i: number) => (requests[i % requests.length]!.includes('/nuke') ? 403 : 404)
      const odd = answers.map(({ status }) => status).filter((status, i) => ![200, 201, 401, unknown(i)].includes(status))
      return { got: [deleted.status, odd, after.every(({ status }) => status === 401 || status === 404)], may: [200, [], true] }
    })
    expect(failures).toEqual([])
  })

  test('two purges at once delete what is dead and keep what is live', { timeout: 0 }, async () => {
    const failures = await race('two purges', async () => {
      const { id, slug, tokens } = await fresh()
      const at = `/acme/${slug}`
      const type = { json: { name: 'server', states: ['active'], initialState: 'active' } }
      for (let i = 0; i < 4; i++) {
        await by(i)(tokens.owner, `POST ${at}/entity-types`, type)
        await by(i + 1)(tokens.owner, `DELETE ${at}/nuke`)
      }
      await by(0)(tokens.owner, `POST ${at}/entity-types`, type)
      const wipes = () => database.db.selectFrom('wipes').select('purged_at').where('project_id', '=', id)
      const over = '2020-01-01T00:00:00Z'
      await database.db.updateTable('wipes').set({ purge_after: over }).where('project_id', '=', id).execute()
      await many(4, () => sql`select graphile_worker.add_job('purge')`.execute(database.db))
      const left = async () => (await wipes().where('purged_at', 'is', null).execute()).length
      await expect.poll(left, { timeout: 60_000 }).toBe(0)
      const types = await database.db.selectFrom('entity_types').select('generation').where('project_id', '=', id).execute()
      const { body } = await by(1)<{ rowCounts: { entity_types: number } }>(tokens.owner, `GET ${at}/nuke/preview`)
      return { got: [types.map(({ generation }) => generation), body.rowCounts.entity_types], may: [[5], 1] }
    })
    expect(failures).toEqual([])
  })

  test('a member demoted to viewer through one process cannot write through the other', { timeout: 0 }, async () => {
    const failures = await race('role change against use', async () => {
      const { slug, id } = await fresh()
      const { member } = cast.people
      const write = (i: number) =>
        by(1)(member.token, `POST /acme/${slug}/envs/default/entities`, { json: { entityType: 'none', name: `e-${i}` } })
      const before = await write(0)
      const running = many(20, write)
      const demoted = await by(0)(owner(), `PATCH /orgs/acme/projects/${id}/members/${member.id}`, { json: { role: 'viewer' } })
      const after = await many(10, write)
      await running
      return { got: [before.status === 403, demoted.status, tally(after)], may: [false, 200, { 403: 10 }] }
    })
    expect(failures).toEqual([])
  })
})
