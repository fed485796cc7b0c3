import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Organization, TokenLifetimes } from '#contract/organizations/organizations'
import type { PersonalToken, ProjectToken } from '#contract/tokens/tokens'
import { type Cast, type Stage, createCast, personalToken } from '../support/world/cast.ts'
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

const DAY = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString()
const daysLeft = (time: string | null) => Math.round((Date.parse(time!) - Date.now()) / DAY)
const limit = (maxTokenLifetimeDays: number | null, rest = {}) =>
  lane.send<Organization>(cast.people.orgOwner.token, 'PATCH /orgs/acme', { json: { maxTokenLifetimeDays, ...rest } })

/** Both kinds of token, and where they are created. */
const kinds = [
  ['a project token', () => ({ as: stage.tokens.owner, path: `/acme/${stage.slug}/tokens` })],
  [
    'a project token at the organization’s path',
    () => ({ as: stage.tokens.owner, path: `/orgs/acme/projects/${stage.slug}/tokens` }),
  ],
  ['a personal token', () => ({ as: session, path: '/orgs/acme/personal-tokens' })],
] as const

describe.for(kinds)('%s', ([, kind]) => {
  const create = async (json: object = {}) => {
    const { as, path } = kind()
    return lane.send<{ id: string; token: string }>(as, `POST ${path}`, { json: { name: 'ci', ...json } })
  }
  const change = (id: string, json: object) => {
    const { as, path } = kind()
    return lane.send<ProjectToken | PersonalToken>(as, `PATCH ${path}/${id}`, { json })
  }

  test('is refused beyond the maximum lifetime, with a sentence that names it', async () => {
    await limit(30)
    const endless = await create()
    expect(refusalOf(endless as never)).toBe('400 token_lifetime_too_long')
    expect(endless.body).toMatchObject({
      error: expect.stringContaining('Tokens of this organization can live for at most 30 days'),
      details: [{ path: 'expiresAt' }],
    })
    expect(await create({ expiresAt: inDays(31) })).toMatchObject({ status: 400 })
    const { status, body } = await create({ expiresAt: inDays(29) })
    expect(status).toBe(201)
    expect(refusalOf((await change(body.id, { expiresAt: null })) as never)).toBe('400 token_lifetime_too_long')
    expect(await change(body.id, { expiresAt: inDays(5) })).toMatchObject({ status: 200 })
    await limit(null)
    expect(await create()).toMatchObject({ status: 201 })
  })

  test('can change its name, expiry and addresses, and still works', async () => {
    const { body } = await create()
    const changed = await change(body.id, {
      name: 'deploy',
      expiresAt: '2099-01-01T00:00:00Z',
      allowedAddresses: ['127.0.0.0/8'],
    })
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'deploy', expiresAt: '2099-01-01T00:00:00.000000Z', allowedAddresses: ['127.0.0.0/8'] },
    })
    expect(changed.text).not.toContain(body.token)
    const reads = () => lane.send(body.token, `GET /orgs/acme/projects/${stage.slug}`)
    expect(await reads()).toMatchObject({ status: 200 })
    await change(body.id, { allowedAddresses: ['203.0.113.7'] })
    expect(await reads()).toMatchObject({ status: 401 })
  })

  test('refuses an invalid address, and says which entry and why', async () => {
    const { body } = await create()
    const refused = await change(body.id, { allowedAddresses: ['192.0.2.1', '10.0.0.0/33'] })
    expect(refusalOf(refused as never)).toBe('400 invalid_request')
    expect(refused.body).toMatchObject({
      details: [{ path: 'allowedAddresses.1', message: expect.stringContaining('must be an IP address or network') }],
    })
  })
})

describe('in the v1 API', () => {
  test('a token gets the maximum lifetime, and works until then', async () => {
    await limit(30)
    const made = await lane.send<{ id: string; token: string }>(
      cast.people.orgOwner.token,
      `POST /v1/projects/${stage.id}/tokens`,
      { json: { name: 'v1' } },
    )
    expect(made.status, made.text).toBe(201)
    const { body } = await lane.send<ProjectToken[]>(stage.tokens.owner, `GET /acme/${stage.slug}/tokens?limit=200`)
    expect(daysLeft(body.find(({ id }) => id === made.body.id)!.expiresAt)).toBe(30)
    expect(await lane.send({ 'x-project-token': made.body.token }, `GET /v1/projects/${stage.id}`)).toMatchObject({ status: 200 })
    await lane.db
      .updateTable('project_tokens')
      .set({ expires_at: inDays(-1) })
      .where('id', '=', made.body.id)
      .execute()
    expect(await lane.send({ 'x-project-token': made.body.token }, `GET /v1/projects/${stage.id}`)).toMatchObject({ status: 401 })
    await limit(null)
  })
})

test('refuses a personal token without an organization in both dialects when it lives too long', async () => {
  const { orgOwner } = cast.people
  const [endless, brief] = [
    await personalToken(lane.db, orgOwner, null),
    await personalToken(lane.db, orgOwner, null, inDays(10)),
  ]
  const reads = async (token: string) => [
    refusalOf(await lane.send(token, `GET /orgs/acme/projects/${stage.slug}`)),
    (await lane.send(token, `GET /v1/projects/${stage.id}`)).status,
    (await lane.send(token, 'POST /v1/projects', { json: { name: 'new' } })).status,
  ]
  const status = async (token: string) => (await lane.send(token, `GET /acme/${stage.slug}/environments`)).status
  expect([await status(endless), await status(brief)]).toEqual([200, 200])
  await limit(30)
  expect(await reads(endless)).toEqual(['403 token_lives_too_long', 403, 403])
  expect([await status(endless), await status(brief)]).toEqual([403, 200])
  const refusal = await lane.send(endless, `GET /orgs/acme`)
  expect(refusal.body.error).toBe('This token lives longer than the 30 days that acme allows. Create a token for acme')
  await limit(null)
  expect(await status(endless)).toBe(200)
})

describe('the maximum lifetime', () => {
  test('is visible to everybody in the organization, and set by its admins, who see how many tokens exceed it', async () => {
    const { viewer, orgOwner } = cast.people
    expect((await limit(45)).body).toMatchObject({ maxTokenLifetimeDays: 45, slug: 'acme' })
    expect(await lane.send(viewer.token, 'GET /orgs/acme')).toMatchObject({ body: { maxTokenLifetimeDays: 45 } })
    expect(refusalOf(await lane.send(viewer.token, 'PATCH /orgs/acme', { json: { maxTokenLifetimeDays: 1 } }))).toBe(
      '403 forbidden',
    )
    expect(refusalOf(await lane.send(viewer.token, 'GET /orgs/acme/token-lifetimes'))).toBe('403 forbidden')
    const { body } = await lane.send<TokenLifetimes>(orgOwner.token, 'GET /orgs/acme/token-lifetimes?days=45')
    expect(body.projectTokens).toBeGreaterThanOrEqual(5)
    await limit(null)
  })

  test.for([0, 3651, 1.5, '30'])('cannot be %s', async (days) => {
    expect(refusalOf((await limit(days as number)) as never)).toBe('400 invalid_request')
  })

  test('shortens longer-lived tokens only on request', async () => {
    const ends = async () => {
      const { body } = await lane.send<ProjectToken[]>(stage.tokens.owner, `GET /acme/${stage.slug}/tokens?limit=200`)
      return body.map(({ expiresAt }) => expiresAt && daysLeft(expiresAt))
    }
    await limit(45)
    expect(new Set(await ends())).toEqual(new Set([null]))
    await limit(45, { shortenTokens: true })
    expect(new Set(await ends())).toEqual(new Set([45]))
    await limit(null)
  })
})
