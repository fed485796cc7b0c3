import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { operations } from '#contract/operations'
import { type Cast, createCast } from '../support/world/cast.ts'
import { digest } from '../support/http/digest.ts'
import { type Example, exampleOf, nameOf, requestOf, sentBy } from '../support/http/examples.ts'
import { startHostileProvider } from '../support/servers/hostile-provider.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { browser, signedIn } from '../support/http/session.ts'

let lane: Lane
let cast: Cast
let owner: Record<string, string>
let counter = 0
const provider = await startHostileProvider()
beforeAll(async () => {
  lane = await startLane()
  Object.assign(process.env, provider.settings)
  cast = await createCast(lane.db)
  owner = await browser(cast.people.orgOwner.credentialId)
})
afterAll(async () => {
  await lane.stop()
  await provider.stop()
})

beforeEach(() => signedIn(lane.db, 0))

/** A valid call of the operation, from a browser. */
async function fromBrowser(name: string, change: Partial<Example> = {}) {
  const example = await exampleOf(lane.send, cast, await cast.project(`stage-${++counter}`), name)
  const as = typeof example.as === 'string' ? owner : example.as
  return { ...example, as, ...change }
}

const send = (name: string, { as, params, ...sent }: Example) => lane.send(as, requestOf(name, params), sentBy(sent))

const declared = operations.map((operation) => ({ name: nameOf(operation), ...operation }))
const always = declared.filter(({ freshSignIn }) => freshSignIn === 'always')
const never = declared.filter(
  ({ method, freshSignIn, permission }) => method !== 'GET' && !freshSignIn && permission !== 'public',
)

test('covers every operation that destroys or grants', () => {
  expect(always.map(({ name }) => name).toSorted()).toEqual([
    'DELETE /me/identities/{identityId}',
    'DELETE /me/passkeys/{passkeyId}',
    'DELETE /me/totp',
    'DELETE /orgs/{orgId}/deleted-projects/{projectId}',
    'DELETE /orgs/{orgId}/projects/{projectId}',
    'DELETE /orgs/{orgId}/projects/{projectId}/wipes/{wipeId}',
    'DELETE /{o}/{p}/nuke',
    'PATCH /orgs/{orgId}/personal-tokens/{tokenId}',
    'PATCH /orgs/{orgId}/projects/{projectId}/tokens/{tokenId}',
    'PATCH /{o}/{p}/tokens/{tokenId}',
    'POST /me/identities',
    'POST /me/passkeys',
    'POST /me/passkeys/options',
    'POST /me/recovery-codes',
    'POST /me/totp',
    'POST /orgs/{orgId}/file/apply',
    'POST /orgs/{orgId}/file/plan',
    'POST /orgs/{orgId}/member-changes',
    'POST /orgs/{orgId}/personal-tokens',
    'POST /orgs/{orgId}/projects/{projectId}/tokens',
    'POST /orgs/{orgId}/projects/{projectId}/tokens/{tokenId}/rotate',
    'POST /orgs/{orgId}/webhooks',
    'POST /{o}/{p}/tokens',
    'POST /{o}/{p}/tokens/{tokenId}/rotate',
  ])
})

test.for(always)('$name asks a browser to confirm after ten minutes, and changes nothing before', async ({ name, status }) => {
  const example = await fromBrowser(name)
  await signedIn(lane.db, 11)
  const before = await digest(lane.db)
  expect(refusalOf(await send(name, example))).toBe('403 reauthentication_required')
  expect((await digest(lane.db)) === before).toBe(true)
  await signedIn(lane.db, 9)
  expect((await send(name, example)).status).toBe(status)
})

const repeatable = declared.filter(
  ({ method, permission, freshSignIn }) => method === 'POST' && permission !== 'session' && freshSignIn !== undefined,
)

test.for(repeatable)('$name also asks before it replays an answer', async ({ name, status }) => {
  const example = await fromBrowser(name)
  const { as, params, ...sent } = example
  const key = { ...sentBy(sent), headers: { 'idempotency-key': `replay-${++counter}` } }
  const attempt = () => lane.send(as, requestOf(name, params), key)
  const first = await attempt()
  expect(first.status, first.text).toBe(status)
  await signedIn(lane.db, 11)
  expect(refusalOf(await attempt())).toBe('403 reauthentication_required')
  await signedIn(lane.db, 9)
  const again = await attempt()
  expect([again.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([status, first.text, 'true'])
})

describe('a webhook', () => {
  const create = { url: 'https://siem.example.com/one', description: 'SIEM' }
  const webhooks = '/orgs/acme/webhooks'

  test('asks when the URL changes, whatever else changes with it; the same URL is no change', async () => {
    const { body } = await lane.send<{ id: string; url: string }>(owner, `POST ${webhooks}`, { json: create })
    await signedIn(lane.db, 11)
    const change = (json: object) => lane.send<{ url: string }>(owner, `PATCH ${webhooks}/${body.id}`, { json })
    const before = await digest(lane.db)
    for (const json of [{ url: 'https://evil.example.com/' }, { url: 'https://siem.example.com/two', enabled: false }])
      expect(refusalOf((await change(json)) as never)).toBe('403 reauthentication_required')
    expect((await digest(lane.db)) === before).toBe(true)
    expect(await change({ url: create.url, description: 'Still the SIEM' })).toMatchObject({ status: 200 })
    await signedIn(lane.db, 9)
    expect(await change({ url: 'https://siem.example.com/two' })).toMatchObject({ status: 200 })
  })
})

test.for(never)('$name never asks', async ({ name, status, path }) => {
  if (path === '/setup/owner') return
  const example = await fromBrowser(name)
  await signedIn(lane.db, 11)
  const answer = await send(name, example)
  expect(answer.status, answer.text).toBe(status)
})

describe('asks a caller who adds, changes or removes an owner or admin', () => {
  const path = '/orgs/{orgId}/projects/{projectId}/members'
  const people = () => cast.people
  const cases: [string, () => string, unknown, boolean][] = [
    [`POST ${path}`, () => people().newcomer.id, { role: 'admin' }, true],
    [`POST ${path}`, () => people().newcomer.id, { role: 'member' }, false],
    [`PATCH ${path}/{userId}`, () => people().member.id, { role: 'owner' }, true],
    [`PATCH ${path}/{userId}`, () => people().admin.id, { role: 'viewer' }, true],
    [`PATCH ${path}/{userId}`, () => people().member.id, { role: 'viewer' }, false],
    [`PUT ${path}/{userId}/cell-scopes`, () => people().admin.id, { cellScopes: [] }, true],
    [`PUT ${path}/{userId}/cell-scopes`, () => people().member.id, { cellScopes: [] }, false],
    [`DELETE ${path}/{userId}`, () => people().admin.id, undefined, true],
    [`DELETE ${path}/{userId}`, () => people().member.id, undefined, false],
  ]
  test.for(cases)('%s %s %j', async ([name, userId, json, isAsked]) => {
    const { slug } = await cast.project(`grants-${++counter}`)
    await signedIn(lane.db, 11)
    const request = requestOf(name, { orgId: 'acme', projectId: slug, userId: userId() })
    const body = name.startsWith('POST') ? { userId: userId(), ...(json as object) } : json
    const answer = await lane.send(owner, request, { json: body })
    const answered = answer.status < 300 ? 'done' : refusalOf(answer)
    expect(answered).toBe(isAsked ? '403 reauthentication_required' : 'done')
  })

  test('asks in the organization too', async () => {
    const [member, admin] = [await cast.world.person('member'), await cast.world.person('admin')]
    await signedIn(lane.db, 11)
    const change = (id: string, role: string) => lane.send(owner, `PATCH /orgs/acme/members/${id}`, { json: { role } })
    expect(refusalOf(await change(member.id, 'admin'))).toBe('403 reauthentication_required')
    expect(refusalOf(await change(admin.id, 'viewer'))).toBe('403 reauthentication_required')
    expect(refusalOf(await lane.send(owner, `DELETE /orgs/acme/members/${admin.id}`))).toBe('403 reauthentication_required')
    expect(await change(member.id, 'viewer')).toMatchObject({ status: 200 })
    expect(await lane.send(owner, `DELETE /orgs/acme/members/${member.id}`)).toMatchObject({ status: 200 })
  })

  test('asks a caller who invites an owner or admin, before anybody is invited', async () => {
    const { slug } = await cast.project(`grants-${++counter}`)
    const invite = (json: object) =>
      lane.send<{ results: { invitation: { id: string } }[] }>(owner, 'POST /orgs/acme/invitations', { json })
    const plain = { email: `plain-${counter}@elsewhere.test` }
    const powerful = [{ role: 'admin' }, { projects: [{ slug, role: 'owner' }] }].map((rights) => ({
      email: `powerful-${counter}@elsewhere.test`,
      ...rights,
    }))
    const { body } = await invite({ invitations: [powerful[0]] })
    await signedIn(lane.db, 11)
    const before = await digest(lane.db)
    for (const one of powerful)
      expect(refusalOf((await invite({ invitations: [plain, one] })) as never)).toBe('403 reauthentication_required')
    const resend = `POST /orgs/acme/invitations/${body.results[0]!.invitation.id}/resend`
    expect(refusalOf(await lane.send(owner, resend))).toBe('403 reauthentication_required')
    expect((await digest(lane.db)) === before).toBe(true)
    expect(await invite({ invitations: [plain] })).toMatchObject({ status: 201 })
  })
})

test('does not ask a token, because nobody could answer', async () => {
  await signedIn(lane.db, 60)
  const { slug } = await cast.project(`tokens-${++counter}`)
  const { token } = cast.people.orgOwner
  expect(await lane.send(token, `POST /acme/${slug}/tokens`, { json: { name: 'ci', role: 'admin' } })).toMatchObject({
    status: 201,
  })
  expect(await lane.send(token, `DELETE /orgs/acme/projects/${slug}`)).toMatchObject({ status: 200 })
})

test('has no browser to ask in the v1 API, which takes no cookies', async () => {
  expect(await lane.send(owner, 'POST /v1/projects', { json: { name: 'by cookie' } })).toMatchObject({ status: 401 })
})

test('documents the refusal in OpenAPI for exactly these operations', async () => {
  const { body } = await lane.send<{
    paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>
  }>(null, 'GET /openapi.json')
  const naming = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { responses }]) => responses['403']?.description.includes('`reauthentication_required`'))
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  )
  const asking = declared.filter(({ freshSignIn }) => freshSignIn !== undefined).map(({ name }) => name)
  expect(naming.toSorted()).toEqual(asking.toSorted())
})
