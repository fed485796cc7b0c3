import { afterAll, beforeAll, expect, test } from 'vitest'
import type { UserActor } from '#domain/context'
import { type Cast, type Stage, createCast, personalToken } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'

/** Leaving and removing by real requests, in both dialects, with the tokens and webhooks revoked along with it. */
let lane: Lane
let cast: Cast
let stage: Stage
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  stage = await cast.project('alpha')
})
afterAll(() => lane.stop())

type Made = { tokens: { id: string; name: string }[]; webhooks: { id: string; host: string }[]; moreTokens: number }
type Person = UserActor & { token: string }

/** An admin of the project, or of the organization, who has created a project token. */
async function maker(of: 'project' | 'organization' = 'project'): Promise<Person & { made: string }> {
  const actor = of === 'project' ? await cast.world.member({ id: stage.id }, { role: 'admin' }) : await cast.world.person('admin')
  const token = await personalToken(lane.db, actor, cast.world.org.id)
  const made = await lane.send<{ id: string }>(token, `POST /acme/alpha/tokens`, { json: { name: `of ${actor.name}` } })
  expect(made.status).toBe(201)
  return { ...actor, token, made: made.body.id }
}

const isThere = async (tokenId: string) => {
  const { body } = await lane.send<{ id: string }[]>(cast.people.orgOwner.token, 'GET /acme/alpha/tokens?limit=200')
  return body.some(({ id }) => id === tokenId)
}

const inProject = (id: string, rest = '') => `/orgs/acme/projects/alpha/members/${id}${rest}`
const inOrganization = (id: string, rest = '') => `/orgs/acme/members/${id}${rest}`

test.for([
  ['the project', inProject, 'project', { tokens: 1, webhooks: 0 }],
  ['the organization', inOrganization, 'organization', { tokens: 1, webhooks: 1 }],
] as const)('lists what a person made, and revokes it in the step that removes them from %s', async ([, url, of, revoked]) => {
  const person = await maker(of)
  const boss = cast.people.orgOwner.token
  // Only an organization admin can create a webhook.
  const json = { url: 'https://hook.example.com/?key=sesame', projects: ['alpha'] }
  await lane.send(person.token, 'POST /orgs/acme/webhooks', { json })
  const { status, body } = await lane.send<Made>(boss, `GET ${url(person.id, '/made')}`)
  expect(status).toBe(200)
  expect(body.tokens).toMatchObject([{ id: person.made, project: { slug: 'alpha' }, revocable: true }])
  expect(body.webhooks).toHaveLength(revoked.webhooks)
  expect(JSON.stringify(body)).not.toContain('sesame')
  const removed = await lane.send(boss, `DELETE ${url(person.id)}?revoke=tokens,webhooks`)
  expect(removed).toMatchObject({ status: 200, body: { removed: true, revoked } })
  expect(await isThere(person.made)).toBe(false)
  expect((await lane.send(boss, `GET ${url(person.id, '/made')}`)).status).toBe(404)
})

test.for([
  ['nothing', ''],
  ['another word', 'secrets'],
  ['a word beside a right one', 'tokens,secrets'],
  ['a comma at the end', 'tokens,'],
  ['capitals', 'Tokens'],
  ['a space', 'tokens,%20webhooks'],
  ['a prototype’s property', '__proto__'],
  ['a hundred times the same and more', 'tokens,'.repeat(100).slice(0, -1)],
])('refuses to revoke %s, in all three places, and removes nobody', async ([, revoke = '']) => {
  const person = await maker()
  for (const url of [inProject(person.id), inOrganization(person.id)]) {
    const answer = await lane.send(cast.people.orgOwner.token, `DELETE ${url}?revoke=${revoke}`)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    expect(answer.body.error).toContain(revoke.length > 100 ? 'revoke' : 'must be tokens, webhooks or both')
  }
  const v1 = await lane.send(cast.people.orgOwner.token, `DELETE /v1/members/${await membershipOf(person)}?revoke=${revoke}`)
  expect(v1.status).toBe(422)
  expect(v1.body.error).toContain('must be')
  expect((await lane.send(person.token, 'GET /acme/alpha/tokens')).status).toBe(200)
  expect(await isThere(person.made)).toBe(true)
})

const membershipOf = async ({ id }: UserActor) =>
  (
    await lane.db
      .selectFrom('project_members')
      .select('id')
      .where('project_id', '=', stage.id)
      .where('user_id', '=', id)
      .executeTakeFirstOrThrow()
  ).id

test('counts a repeated value once', async () => {
  const person = await maker()
  const removed = await lane.send(cast.people.orgOwner.token, `DELETE ${inProject(person.id)}?revoke=tokens,tokens`)
  expect(removed).toMatchObject({ status: 200, body: { revoked: { tokens: 1 } } })
})

test('revokes in v1 too, whose answer stays the same', async () => {
  const [staying, gone] = [await maker(), await maker()]
  const remove = async (person: UserActor, query = '') =>
    lane.send(cast.people.orgOwner.token, `DELETE /v1/members/${await membershipOf(person)}${query}`)
  expect(Object.keys((await remove(staying)).body)).toEqual(['deleted', 'deletedAt'])
  expect(await isThere(staying.made)).toBe(true)
  expect((await remove(gone, '?revoke=tokens,webhooks')).status).toBe(200)
  expect(await isThere(gone.made)).toBe(false)
})

test('revokes for a person who leaves, and nothing for a caller who cannot see it', async () => {
  const [person, viewer] = [await maker(), cast.people.viewer]
  expect((await lane.send(viewer.token, `GET ${inProject(person.id, '/made')}`)).body).toMatchObject({ code: 'forbidden' })
  expect((await lane.send(viewer.token, `GET ${inOrganization(person.id, '/made')}`)).body).toMatchObject({ code: 'forbidden' })
  expect((await lane.send(person.token, `GET ${inProject(person.id, '/made')}`)).body).toMatchObject({
    tokens: [{ id: person.made }],
  })
  expect((await lane.send(person.token, `DELETE ${inProject(person.id)}?revoke=tokens`)).body).toMatchObject({
    revoked: { tokens: 1 },
  })
  expect(await isThere(person.made)).toBe(false)
})

test('lets the calling token revoke itself along with its creator', async () => {
  const person = await maker()
  const made = await lane.send<{ token: string; id: string }>(person.token, 'POST /acme/alpha/tokens', {
    json: { name: 'self', role: 'admin' },
  })
  expect((await lane.send(made.body.token, `DELETE ${inProject(person.id)}?revoke=tokens`)).body).toMatchObject({
    revoked: { tokens: 2 },
  })
  expect((await lane.send(made.body.token, 'GET /acme/alpha/tokens')).status).toBe(401)
})
