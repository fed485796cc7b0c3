import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cast, createCast } from '../../test/cast.ts'
import { type Lane, startLane } from '../../test/lane.ts'
import { refusalOf } from '../../test/refusal.ts'

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
  test('the same request again is answered with the first status, body and headers, and does nothing', async () => {
    const [first, second] = [await once('a-1', { name: 'One', slug: 'one' }), await once('a-1', { name: 'One', slug: 'one' })]
    expect(second).toMatchObject({ status: 201, body: first.body })
    for (const name of ['location', 'etag', 'content-type']) expect(second.headers.get(name), name).toBe(first.headers.get(name))
    expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'))
    expect(await count('one')).toBe(1)
  })

  test('another body or another query under the same key is 422', async () => {
    await once('b-1', { name: 'Two', slug: 'two' })
    expect(refusalOf((await once('b-1', { name: 'Two', slug: 'three' })) as never)).toBe('422 idempotency_key_reused')
    expect(await count('three')).toBe(0)
  })

  test('a key is of one actor and one route', async () => {
    expect(await once('c-1', { name: 'Four', slug: 'four' })).toMatchObject({ status: 201 })
    expect(await once('c-1', { name: 'Five', slug: 'five' }, '/orgs/acme/projects', cast.people.orgAdmin.token)).toMatchObject({
      status: 201,
    })
    expect(await once('c-1', { name: 'ci' }, '/acme/alpha/tokens')).toMatchObject({ status: 201 })
  })

  test('a hundred at once have one effect, and one answer', async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => once('d-1', { name: 'Six', slug: 'six' })))
    expect(new Set(all.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set([`201 ${all[0]!.text}`]))
    expect(await count('six')).toBe(1)
    const events = await lane.db.selectFrom('audit_events').select('id').where('target_id', '=', all[0]!.body.id).execute()
    expect(events).toHaveLength(1)
  })

  test('a refusal is not kept: the same request may be right later', async () => {
    const attempt = () => once('e-1', { userId: cast.people.newcomer.id, envName: 'later' }, '/orgs/acme/projects/alpha/members')
    expect(refusalOf((await attempt()) as never)).toBe('400 environment_not_found')
    await lane.send(owner, 'POST /acme/alpha/environments', { json: { name: 'later' } })
    expect(await attempt()).toMatchObject({ status: 201 })
  })

  test('who has lost the permission gets no old answer either', async () => {
    const { admin } = cast.people
    const attempt = () => once('f-1', { name: 'ci' }, '/acme/alpha/tokens', admin.token)
    expect(await attempt()).toMatchObject({ status: 201 })
    await lane.send(owner, `PATCH /orgs/acme/projects/alpha/members/${admin.id}`, { json: { role: 'viewer' } })
    expect(refusalOf((await attempt()) as never)).toBe('403 forbidden')
  })

  test('after 24 hours the key is free again', async () => {
    await once('g-1', { name: 'Seven', slug: 'seven' })
    await lane.db
      .updateTable('idempotency_keys')
      .set({ created_at: sql<string>`now() - interval '25 hours'` })
      .where('key', '=', 'g-1')
      .execute()
    expect(refusalOf((await once('g-1', { name: 'Seven', slug: 'seven' })) as never)).toBe('409 slug_taken')
    expect(await once('g-1', { name: 'Eight', slug: 'eight' })).toMatchObject({ status: 201 })
  })

  test.for(['', 'two words', 'x'.repeat(256), 'ü'])('%j is no key', async (key) => {
    expect(refusalOf((await once(key, { name: 'Nine', slug: 'nine' })) as never)).toBe('400 invalid_request')
  })

  test('is for POST: with another method it means nothing', async () => {
    const put = (name: string) =>
      lane.send(owner, 'PUT /orgs/acme/projects/alpha', { json: { name }, headers: { 'idempotency-key': 'h-1' } })
    expect([await put('A'), await put('B')]).toMatchObject([
      { status: 200, body: { name: 'A' } },
      { status: 200, body: { name: 'B' } },
    ])
  })
})

describe('a token that is created with a key', () => {
  test('is replayed the same, and stands nowhere in the database', async () => {
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
