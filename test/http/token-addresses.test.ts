import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PersonalToken, ProjectToken } from '#contract/tokens/tokens'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { browser } from '../support/http/session.ts'

let lane: Lane
let cast: Cast
let stage: Stage
let session: Record<string, string>
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  session = await browser(cast.people.orgOwner.credentialId)
})
afterAll(() => lane.stop())

let counter = 0
beforeEach(async () => {
  stage = await cast.project(`alpha-${++counter}`)
})

type Created = { id: string; token: string; allowedAddresses: string[] }
const here = ['127.0.0.0/8', '2001:db8::/32']
const elsewhere = ['203.0.113.0/24', '2001:db8::/32']

/** Both kinds of token, and what each can read in either dialect. */
const kinds = [
  ['a project token', () => ({ as: stage.tokens.owner, path: `/acme/${stage.slug}/tokens` })],
  ['a personal token', () => ({ as: session, path: '/orgs/acme/personal-tokens' })],
] as const

describe.for(kinds)('%s', ([, kind]) => {
  const create = async (allowedAddresses?: string[]) => {
    const { as, path } = kind()
    const answer = await lane.send<Created>(as, `POST ${path}`, { json: { name: 'ci', allowedAddresses } })
    expect(answer.status, answer.text).toBe(201)
    return answer.body
  }
  const reads = (token: string) => lane.send(token, `GET /orgs/acme/projects/${stage.slug}`)
  const readsV1 = (token: string) => lane.send(token, `GET /v1/projects/${stage.id}`)
  const shown = async (id: string) => {
    const { as, path } = kind()
    const { body } = await lane.send<(ProjectToken | PersonalToken)[]>(as, `GET ${path}?limit=200`)
    return body.find((one) => one.id === id)
  }
  const countEvents = async () =>
    Number(
      (
        await lane.db
          .selectFrom('audit_events')
          .select((eb) => eb.fn.countAll().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    )

  test('works from anywhere without a list, and shows where it was last used', async () => {
    const { id, token, allowedAddresses } = await create()
    expect(allowedAddresses).toEqual([])
    expect(await shown(id)).toMatchObject({ lastUsedAt: null, lastUsedAddress: null, allowedAddresses: [] })
    expect(await reads(token)).toMatchObject({ status: 200 })
    expect(await shown(id)).toMatchObject({ lastUsedAt: expect.any(String), lastUsedAddress: '127.0.0.1' })
  })

  test('works from an address on its list, in both dialects', async () => {
    const { id, token } = await create(here)
    expect(await reads(token)).toMatchObject({ status: 200 })
    expect(await readsV1(token)).toMatchObject({ status: 200 })
    expect(await shown(id)).toMatchObject({ allowedAddresses: here })
  })

  test('is refused elsewhere like any wrong token: 401 in both dialects, without an event or a recorded use', async () => {
    const { id, token } = await create(elsewhere)
    const before = await countEvents()
    const refused = await reads(token)
    const wrong = await reads(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)
    expect(refusalOf(refused)).toBe('401 unauthenticated')
    expect(refused.body.error).toBe(wrong.body.error)
    expect(await readsV1(token)).toMatchObject({ status: 401, body: { error: 'invalid token' } })
    expect(await lane.send(token, `DELETE /orgs/acme/projects/${stage.slug}`)).toMatchObject({ status: 401 })
    expect(await countEvents()).toBe(before)
    expect(await shown(id)).toMatchObject({ lastUsedAt: null, lastUsedAddress: null })
  })

  test('a client cannot claim another address', async () => {
    const { token } = await create(elsewhere)
    const headers = { 'x-bulkhead-address': '203.0.113.7', 'x-forwarded-for': '203.0.113.7', forwarded: 'for=203.0.113.7' }
    expect(await lane.send(token, `GET /orgs/acme/projects/${stage.slug}`, { headers })).toMatchObject({ status: 401 })
  })

  test.for([
    ['an unknown address', ['office']],
    ['a prefix that is too long', ['10.0.0.0/33']],
    ['a name beside an address', ['10.0.0.1', 'example.com']],
    ['one twice', ['10.0.0.1', '10.0.0.1']],
    ['too many', Array.from({ length: 51 }, (_, i) => `10.0.0.${i}`)],
    ['no list', '10.0.0.1'],
  ] as const)('refuses an invalid list: %s', async ([, allowedAddresses]) => {
    const { as, path } = kind()
    const answer = await lane.send(as, `POST ${path}`, { json: { name: 'ci', allowedAddresses } })
    expect(refusalOf(answer)).toBe('400 invalid_request')
    expect(answer.body.details![0]!.path).toMatch(/^allowedAddresses/)
  })
})

test('a rotated token keeps its list', async () => {
  const path = `/acme/${stage.slug}/tokens`
  const { body: old } = await lane.send<Created>(stage.tokens.owner, `POST ${path}`, {
    json: { name: 'ci', allowedAddresses: elsewhere },
  })
  const rotated = await lane.send<Created>(stage.tokens.owner, `POST ${path}/${old.id}/rotate`)
  expect(rotated).toMatchObject({ status: 201, body: { allowedAddresses: elsewhere } })
  expect(await lane.send(rotated.body.token, `GET /orgs/acme/projects/${stage.slug}`)).toMatchObject({ status: 401 })
})

test('records a use at most once a minute', async () => {
  const path = `/acme/${stage.slug}/tokens`
  const { body } = await lane.send<Created>(stage.tokens.owner, `POST ${path}`, { json: { name: 'ci' } })
  const use = () => lane.send(body.token, `GET /orgs/acme/projects/${stage.slug}`)
  const row = () => lane.db.selectFrom('project_tokens').selectAll().where('id', '=', body.id).executeTakeFirstOrThrow()
  const moved = (seconds: number) =>
    lane.db
      .updateTable('project_tokens')
      .set({ last_used_at: new Date(Date.now() - seconds * 1000).toISOString(), last_used_address: '192.0.2.1' })
      .where('id', '=', body.id)
      .execute()
  await moved(50)
  await use()
  expect(await row()).toMatchObject({ last_used_address: '192.0.2.1' })
  await moved(70)
  await use()
  expect(await row()).toMatchObject({ last_used_address: '127.0.0.1' })
})
