import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cast, createCast, personalToken } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'

let lane: Lane
let cast: Cast
let owner: string
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  await cast.project('alpha')
  owner = cast.people.orgOwner.token
})
afterAll(() => lane.stop())

type Created = { id: string; slug: string; token: string }
const once = (key: string, json: unknown, url = '/orgs/acme/projects', as = owner) =>
  lane.send<Created>(as, `POST ${url}`, { json, headers: { 'idempotency-key': key } })
const count = async (slug: string) =>
  (await lane.db.selectFrom('projects').select('id').where('slug', '=', slug).execute()).length

describe('Idempotency-Key', () => {
  test('replays the first status, body and headers for the same request, and does nothing', async () => {
    const [first, second] = [await once('a-1', { name: 'One', slug: 'one' }), await once('a-1', { name: 'One', slug: 'one' })]
    expect(second).toMatchObject({ status: 201, body: first.body })
    for (const name of ['location', 'etag', 'content-type']) expect(second.headers.get(name), name).toBe(first.headers.get(name))
    expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'))
    expect(await count('one')).toBe(1)
  })

  test('answers 422 to another body or query under the same key', async () => {
    await once('b-1', { name: 'Two', slug: 'two' })
    expect(refusalOf((await once('b-1', { name: 'Two', slug: 'three' })) as never)).toBe('422 idempotency_key_reused')
    expect(await count('three')).toBe(0)
  })

  test('belongs to one actor and one route', async () => {
    expect(await once('c-1', { name: 'Four', slug: 'four' })).toMatchObject({ status: 201 })
    expect(await once('c-1', { name: 'Five', slug: 'five' }, '/orgs/acme/projects', cast.people.orgAdmin.token)).toMatchObject({
      status: 201,
    })
    expect(await once('c-1', { name: 'ci' }, '/acme/alpha/tokens')).toMatchObject({ status: 201 })
  })

  test('gives a hundred concurrent requests one effect and one answer', async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => once('d-1', { name: 'Six', slug: 'six' })))
    expect(new Set(all.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set([`201 ${all[0]!.text}`]))
    expect(await count('six')).toBe(1)
    const events = await lane.db.selectFrom('audit_events').select('id').where('target_id', '=', all[0]!.body.id).execute()
    expect(events).toHaveLength(1)
  })

  test('does not store a refusal, because the same request may succeed later', async () => {
    const attempt = () => once('e-1', { userId: cast.people.newcomer.id, envName: 'later' }, '/orgs/acme/projects/alpha/members')
    expect(refusalOf((await attempt()) as never)).toBe('400 environment_not_found')
    await lane.send(owner, 'POST /acme/alpha/environments', { json: { name: 'later' } })
    expect(await attempt()).toMatchObject({ status: 201 })
  })

  test('replays nothing to a caller who has lost the permission', async () => {
    const { admin } = cast.people
    const attempt = () => once('f-1', { name: 'ci' }, '/acme/alpha/tokens', admin.token)
    expect(await attempt()).toMatchObject({ status: 201 })
    await lane.send(owner, `PATCH /orgs/acme/projects/alpha/members/${admin.id}`, { json: { role: 'viewer' } })
    expect(refusalOf((await attempt()) as never)).toBe('403 forbidden')
  })

  test('is free again after 24 hours', async () => {
    await once('g-1', { name: 'Seven', slug: 'seven' })
    await lane.db
      .updateTable('idempotency_keys')
      .set({ created_at: sql<string>`now() - interval '25 hours'` })
      .where('key', '=', 'g-1')
      .execute()
    expect(refusalOf((await once('g-1', { name: 'Seven', slug: 'seven' })) as never)).toBe('409 slug_taken')
    expect(await once('g-1', { name: 'Eight', slug: 'eight' })).toMatchObject({ status: 201 })
  })

  test.for(['', 'two words', 'x'.repeat(256), 'ü'])('refuses the key %j', async (key) => {
    expect(refusalOf((await once(key, { name: 'Nine', slug: 'nine' })) as never)).toBe('400 invalid_request')
  })

  test('applies to POST, and is ignored with other methods', async () => {
    const put = (name: string) =>
      lane.send(owner, 'PUT /orgs/acme/projects/alpha', { json: { name }, headers: { 'idempotency-key': 'h-1' } })
    expect([await put('A'), await put('B')]).toMatchObject([
      { status: 200, body: { name: 'A' } },
      { status: 200, body: { name: 'B' } },
    ])
  })
})

const storedAnswers = (key: string) =>
  lane.db.selectFrom('idempotency_keys').select(['size', 'kept_for']).where('key', '=', key).execute()

describe('what is not stored', () => {
  test('a try at a public operation: it counts, whatever key it has', async () => {
    const { body } = await lane.send<{ results: { invitation: { link: string } }[] }>(owner, 'POST /orgs/acme/invitations', {
      json: { invitations: [{ email: cast.stranger.email }] },
    })
    const token = body.results[0]!.invitation.link.split('/').at(-1)!
    // A token has no email; a person with another email would be refused before the throttle counts.
    const made = await lane.send<{ token: string }>(owner, 'POST /acme/alpha/tokens', { json: { name: 'guest', role: 'viewer' } })
    const projectToken = made.body.token
    const answers = []
    for (let i = 0; i < 52; i++)
      answers.push(
        await lane.send(projectToken, `POST /invitations/${token}/accept`, {
          json: { name: 'Mallory', password: 'correct horse battery staple' },
          headers: { 'idempotency-key': `open-${i}` },
        }),
      )
    expect([answers[0]!, answers.at(-1)!].map((answer) => refusalOf(answer))).toEqual([
      '409 email_taken',
      '429 too_many_attempts',
    ])
    expect(await storedAnswers('open-0')).toEqual([])
  })

  test.for([
    ['in the query', '?dryRun=true', {}],
    ['in the body', '', { dryRun: true }],
    ['in the query before the body', '?dryRun=true', { dryRun: false }],
  ] as const)('a dry run, requested by %s', async ([, query, flag]) => {
    const key = randomUUID()
    const items = [{ kind: 'Secret', name: `s-${key}`, description: 'x' }]
    const url = `/acme/alpha/envs/default/apply`
    const dry = () => once(key, { items, ...flag }, url + query)
    expect(await dry()).toMatchObject({ status: 200, body: { dryRun: true } })
    expect((await dry()).headers.get('idempotency-replayed')).toBeNull()
    expect(await storedAnswers(key)).toEqual([])
    expect(await once(key, { items }, url)).toMatchObject({ status: 200, body: { dryRun: false } })
    expect(await storedAnswers(key)).toHaveLength(1)
  })

  test('a dry run of a revision, and no other dry run', async () => {
    const { body } = await lane.send<{ id: string }[]>(owner, 'GET /acme/alpha/catalog-revisions')
    const url = `/acme/alpha/catalog-revisions/${body[0]!.id}/apply`
    expect(await once('rev-1', { dryRun: true, force: true }, url)).toMatchObject({ status: 200 })
    expect(await storedAnswers('rev-1')).toEqual([])
    const applied = `/acme/alpha/envs/default/apply?dryRun=false`
    expect(await once('rev-2', { items: [], dryRun: true }, applied)).toMatchObject({ body: { dryRun: false } })
    expect(await storedAnswers('rev-2')).toHaveLength(1)
  })

  test('an answer over 1 MiB: the repetition does nothing and says so', async () => {
    const items = Array.from({ length: 6000 }, (_, i) => ({ kind: 'Cell', name: `${i}${'c'.repeat(90)}`, entityType: 'none' }))
    const attempt = () => once('large-1', { items }, '/acme/alpha/envs/default/apply')
    expect((await attempt()).text.length).toBeGreaterThan(1024 * 1024)
    const before = await lane.db.selectFrom('audit_events').select('id').execute()
    const again = await attempt()
    expect(refusalOf(again as never)).toBe('409 answer_not_kept')
    expect((again.body as unknown as { error: string }).error).toBe(
      'This request was done before, with status 207. It was not repeated, and its response was too large to store. Read what it changed instead',
    )
    expect(await lane.db.selectFrom('audit_events').select('id').execute()).toHaveLength(before.length)
    const [row] = await storedAnswers('large-1')
    expect(row!.size).toBeLessThan(1000)
  })
})

describe('the storage for keys', () => {
  const orgId = () => cast.world.org.id
  const fill = (actorId: string, keys: number, bytes = 0) =>
    sql`insert into idempotency_keys (actor_id, route, key, request_hash, response, kept_for)
      select ${actorId}::uuid, 'filler', i::text, '', case when i = 1 and ${bytes} > 0 then convert_to(repeat('x', ${bytes}), 'utf8') end, ${orgId()}::uuid
      from generate_series(1, ${keys}) i`.execute(lane.db)
  const clear = () => lane.db.deleteFrom('idempotency_keys').where('route', '=', 'filler').execute()
  const made = (key: string, as = owner) => once(key, { name: `env-${key}` }, '/acme/alpha/environments', as)

  test('is limited per organization, and no actor takes more than half', async () => {
    await fill((await actorOf('d-1'))!, 10_000)
    const full = await made('r-1')
    expect(refusalOf(full as never)).toBe('429 rate_limited')
    expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(3600)
    expect(await made('r-2', cast.people.orgAdmin.token)).toMatchObject({ status: 201 })
    await fill(randomUUID(), 10_000)
    expect(refusalOf((await made('r-3', cast.people.orgAdmin.token)) as never)).toBe('429 rate_limited')
    await clear()
    expect(await made('r-1')).toMatchObject({ status: 201 })
  })

  test('is limited in bytes: beyond that, a key is stored without its answer', async () => {
    await fill((await actorOf('d-1'))!, 1, 33 * 1024 * 1024)
    expect(await made('b-9')).toMatchObject({ status: 201 })
    expect(refusalOf((await made('b-9')) as never)).toBe('409 answer_not_kept')
    await clear()
    expect(await made('b-10')).toMatchObject({ status: 201 })
    expect((await made('b-10')).headers.get('idempotency-replayed')).toBe('true')
  })

  const actorOf = async (key: string) =>
    (await lane.db.selectFrom('idempotency_keys').select('actor_id').where('key', '=', key).executeTakeFirst())?.actor_id
})

test('does not replay to another credential of the same person, which may be bound to other limits', async () => {
  const second = await personalToken(lane.db, cast.people.orgOwner, cast.world.org.id)
  const json = { name: 'shown once', slug: 'shown-once' }
  expect(await once('p-1', json)).toMatchObject({ status: 201 })
  expect(refusalOf((await once('p-1', json, '/orgs/acme/projects', second)) as never)).toBe('409 slug_taken')
})

describe('a token that is created with a key', () => {
  test('is replayed unchanged, and is nowhere in the database', async () => {
    const [first, second] = [
      await once('t-1', { name: 'ci' }, '/acme/alpha/tokens'),
      await once('t-1', { name: 'ci' }, '/acme/alpha/tokens'),
    ]
    const { token } = first.body
    expect(second.body.token).toBe(token)
    expect(await lane.send(token, 'GET /orgs/acme/projects/alpha')).toMatchObject({ status: 200 })

    const dump = await everything()
    for (const held of [
      token,
      token.slice(4),
      Buffer.from(token).toString('hex'),
      Buffer.from(token).toString('base64').slice(0, 48),
    ]) {
      expect(dump.includes(held), held).toBe(false)
    }
    expect(dump).toContain(token.slice(0, 10))
  })

  /** Every row of every table, as text. */
  async function everything(): Promise<string> {
    const { rows: tables } = await sql<{ name: string }>`select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`.execute(lane.db)
    const rows = await Promise.all(
      tables.map(
        async ({ name }) => (await sql<{ row: string }>`select t::text as row from ${sql.raw(name)} t`.execute(lane.db)).rows,
      ),
    )
    return rows
      .flat()
      .map(({ row }) => row)
      .join('\n')
  }
})
