import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MOST_FAVORITES, type ProjectSummary } from '#contract/projects/summaries'
import { summarySorts } from '#contract/words'
import { newId } from '#domain/ids'
import { type Cast, type Stage, createCast, personalToken } from '../support/world/cast.ts'
import { fill } from '../support/world/catalog.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'

let lane: Lane
let cast: Cast
let stage: Stage
let owner: string
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  owner = cast.people.orgOwner.token
  stage = await cast.project('alpha')
  for (const slug of ['beta', 'gamma']) await cast.project(slug)
  for (const [i, slug] of ['delta', 'epsilon'].entries()) {
    const project = await cast.world.project(slug)
    if (i === 0) await fill(await cast.world.inside(project))
  }
  // Without an event since it was made.
  const long = '2020-01-01T00:00:00Z'
  const sleepy = { id: newId(), org_id: cast.world.org.id, slug: 'sleepy', name: 'sleepy', created_at: long, updated_at: long }
  await lane.db.insertInto('projects').values(sleepy).execute()
})
afterAll(() => lane.stop())

const at = '/orgs/acme/project-summaries'
const list = async (as: string, query = '') => {
  const answer = await lane.send<ProjectSummary[]>(as, `GET ${at}?${query}`)
  expect(answer.status, answer.text).toBe(200)
  return answer
}
const slugs = async (as: string, query = '') => (await list(as, query)).body.map(({ slug }) => slug)
const keep = (as: string, slug: string, method = 'PUT') => lane.send(as, `${method} /orgs/acme/favorites/${slug}`)

/** All pages of a list. */
async function pages(as: string, query: string): Promise<ProjectSummary[]> {
  const rows: ProjectSummary[] = []
  let next: string | undefined = `${at}?${query}`
  while (next) {
    const answer: Awaited<ReturnType<typeof list>> = await lane.send<ProjectSummary[]>(as, `GET ${next}`)
    expect(answer.status, answer.text).toBe(200)
    rows.push(...answer.body)
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
  }
  return rows
}

describe('the list of projects', () => {
  const rank = { viewer: 0, member: 1, admin: 2, owner: 3 }
  const keys = {
    createdAt: ({ id }) => id,
    name: ({ name }) => name,
    slug: ({ slug }) => slug,
    role: ({ role }) => rank[role],
    members: ({ members }) => members,
    rows: ({ rows }) => rows,
    lastChangeAt: ({ lastChangeAt }) => lastChangeAt,
  } as const satisfies Record<string, (row: ProjectSummary) => string | number>

  test.each(summarySorts)('is sorted by %s, page by page and whole', async (sort) => {
    for (const as of [owner, cast.people.admin.token, cast.people.cellAdmin.token]) {
      const whole = (await list(as, `sort=${sort}`)).body
      expect(await pages(as, `sort=${sort}&limit=2`)).toEqual(whole)
      const of = keys[sort.replace('-', '') as keyof typeof keys]
      const sorted = whole.toSorted((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : a.id < b.id ? -1 : 1))
      expect(whole.map(({ slug }) => slug)).toEqual((sort.startsWith('-') ? sorted.toReversed() : sorted).map(({ slug }) => slug))
    }
  })

  test('refuses a cursor of another order', async () => {
    const byName = await list(owner, 'sort=name&limit=1')
    const cursor = /cursor=([^&>]+)/.exec(byName.headers.get('link')!)![1]!
    for (const sort of ['members', 'lastChangeAt', 'createdAt', 'rows', 'role'])
      expect(refusalOf(await lane.send(owner, `GET ${at}?sort=${sort}&cursor=${cursor}`))).toBe('400 invalid_request')
    expect(refusalOf(await lane.send(owner, `GET ${at}?sort=size`))).toBe('400 invalid_request')
  })

  test('is filtered by role, protection and activity, and counted with the same filter', async () => {
    await lane.send(owner, 'PUT /orgs/acme/projects/beta/protection', { json: { protected: true } })
    const count = async (as: string, query: string) =>
      (await lane.send<{ projects: number }>(as, `GET /orgs/acme/project-count?${query}`)).body.projects
    for (const [query, found] of [
      ['protected=yes', ['beta']],
      ['activity=idle', ['sleepy']],
      ['activity=7&protected=no', ['alpha', 'gamma', 'delta', 'epsilon']],
      ['role=viewer', []],
    ] as const) {
      expect(await slugs(owner, query), query).toEqual(found)
      expect(await count(owner, query)).toBe(found.length)
    }
    const { viewer, orgAdmin, orgMember } = cast.people
    expect(await slugs(viewer.token, 'role=viewer')).toEqual(['alpha', 'beta', 'gamma'])
    expect(await slugs(viewer.token, 'role=owner')).toEqual([])
    expect(await count(viewer.token, '')).toBe(3)
    expect(await slugs(orgAdmin.token, 'role=admin')).toHaveLength(6)
    expect(await count(orgMember.token, '')).toBe(0)
    expect(refusalOf(await lane.send(cast.stranger.token, 'GET /orgs/acme/project-count'))).toBe('404 organization_not_found')
  })
})

describe('favorites', () => {
  test('belong to one person, come first only where asked, and end with the project and the membership', async () => {
    const { viewer } = cast.people
    const passing = await cast.world.project('passing')
    for (const slug of ['alpha', 'passing'])
      expect(await keep(owner, slug)).toMatchObject({ status: 200, body: { favorite: true } })
    expect(await keep(owner, 'alpha')).toMatchObject({ status: 200 })
    expect(await slugs(owner, 'favorite=yes')).toEqual(['alpha', 'passing'])
    expect(await slugs(viewer.token, 'favorite=yes')).toEqual([])
    expect((await list(owner)).body.filter(({ favorite }) => favorite).map(({ slug }) => slug)).toEqual(['alpha', 'passing'])
    await lane.send(owner, 'DELETE /orgs/acme/projects/passing')
    expect(await slugs(owner, 'favorite=yes')).toEqual(['alpha'])
    await lane.send(owner, `POST /orgs/acme/projects/${passing.id}/restore`)
    expect(await slugs(owner, 'favorite=yes')).toEqual(['alpha', 'passing'])
    expect(await keep(owner, 'passing', 'DELETE')).toMatchObject({ status: 200, body: { favorite: false } })
    expect(await keep(owner, 'passing', 'DELETE')).toMatchObject({ status: 200 })
    expect(await slugs(owner, 'favorite=yes')).toEqual(['alpha'])
    expect(refusalOf(await keep(cast.stranger.token, 'alpha'))).toBe('404 organization_not_found')
    for (const method of ['PUT', 'DELETE'])
      expect(refusalOf(await keep(stage.tokens.owner, 'alpha', method))).toBe('403 forbidden')
    for (const project of ['alpha', '%25', '%E2%80%AE'])
      expect(refusalOf(await keep(cast.people.orgMember.token, project))).toBe('404 project_not_found')
  })

  test('are forgotten when the person leaves the organization', async () => {
    const person = await cast.world.person('admin')
    const at = await cast.world.project('left')
    await lane.db.insertInto('favorite_projects').values({ user_id: person.id, project_id: at.id }).execute()
    await lane.send(owner, `DELETE /orgs/acme/members/${person.id}`)
    const left = lane.db.selectFrom('favorite_projects').select('project_id').where('user_id', '=', person.id)
    expect(await left.execute()).toEqual([])
  })

  test(`are at most ${MOST_FAVORITES}, even when many are added at once`, async () => {
    const person = await cast.world.person('admin')
    const all = await Promise.all(Array.from({ length: MOST_FAVORITES + 2 }, (_, i) => cast.world.project(`many-${i}`)))
    await lane.db
      .insertInto('favorite_projects')
      .values(all.slice(0, MOST_FAVORITES - 1).map(({ id }) => ({ user_id: person.id, project_id: id })))
      .execute()
    const token = await personalToken(lane.db, person, null)
    const answers = await Promise.all(all.slice(MOST_FAVORITES - 1).map(({ slug }) => keep(token, slug)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const answer of answers.filter(({ status }) => status !== 200)) expect(refusalOf(answer)).toBe('409 too_many_favorites')
    expect(await keep(token, all[0]!.slug), 'one of them again').toMatchObject({ status: 200 })
  })
})

describe('a clone', () => {
  const create = (as: string, json: object) => lane.send(as, 'POST /orgs/acme/projects', { json })

  test('has the structure of the other project and nothing else', async () => {
    await lane.send(owner, 'POST /acme/delta/environments', { json: { name: 'extra' } })
    const near = { name: 'near', from: 'site', to: 'site', states: ['up'] }
    expect(await lane.send(owner, 'POST /acme/delta/relationship-types', { json: near })).toMatchObject({ status: 201 })
    await lane.send(owner, 'POST /acme/delta/tokens', { json: { name: 'not copied' } })
    const made = await create(owner, { name: 'Copy', slug: 'copy', cloneOf: 'delta' })
    expect(made).toMatchObject({ status: 201, body: { slug: 'copy', name: 'Copy' } })
    const shape = async (slug: string, path: string) => {
      const { body } = await lane.send<{ name: string }[]>(owner, `GET /acme/${slug}/${path}?limit=200`)
      return body.map((row) => ({ ...row, id: '', createdAt: '', updatedAt: '' })).toSorted((a, b) => (a.name < b.name ? -1 : 1))
    }
    for (const path of ['entity-types', 'cells', 'relationship-types', 'environments']) {
      const copied = await shape('copy', path)
      expect(copied.length, path).toBeGreaterThan(0)
      expect(copied, path).toEqual(await shape('delta', path))
    }
    for (const path of ['envs/default/entities', 'tokens']) expect(await shape('copy', path)).toEqual([])
    const members = await lane.send<{ source: string }[]>(owner, 'GET /orgs/acme/projects/copy/members')
    expect(members.body.filter(({ source }) => source === 'project')).toHaveLength(1)
  })

  test('is refused whole: a taken slug, an unknown project, another organization, no right to create', async () => {
    const before = await slugs(owner, 'limit=200')
    for (const [as, json, refusal] of [
      [owner, { name: 'Copy', slug: 'alpha', cloneOf: 'delta' }, '409 slug_taken'],
      [owner, { name: 'Copy', slug: 'fresh', cloneOf: 'nowhere' }, '404 project_not_found'],
      [owner, { name: 'Copy', slug: 'fresh', cloneOf: '01900000-0000-7000-8000-00000000ffff' }, '404 project_not_found'],
      [owner, { name: 'Copy', slug: 'fresh', cloneOf: '%' }, '404 project_not_found'],
      [owner, { name: 'Copy', slug: 'fresh', cloneOf: 'a\u0000b' }, '400 invalid_request'],
      [cast.people.owner.token, { name: 'Copy', slug: 'fresh', cloneOf: 'alpha' }, '403 forbidden'],
    ] as const)
      expect(refusalOf(await create(as, json))).toBe(refusal)
    const theirs = await cast.elsewhere.project('secret-plans')
    expect(refusalOf(await create(owner, { name: 'Copy', slug: 'fresh', cloneOf: theirs.id }))).toBe('404 project_not_found')
    expect(await slugs(owner, 'limit=200')).toEqual(before)
  })

  test('can be made twice at once from one project, and from a project that is being changed', async () => {
    const answers = await Promise.all([
      create(owner, { name: 'One', slug: 'one-of-two', cloneOf: 'delta' }),
      create(owner, { name: 'Two', slug: 'two-of-two', cloneOf: 'delta' }),
      lane.send(owner, 'POST /acme/delta/cells', { json: { name: 'late', entityType: 'site' } }),
      lane.send(owner, 'PUT /orgs/acme/projects/delta', { json: { name: 'Delta' } }),
    ])
    expect(answers.slice(0, 2).map(({ status }) => status)).toEqual([201, 201])
  })
})
