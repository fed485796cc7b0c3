import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { personalToken, type Cast, type Stage, createCast } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { browser } from '../support/http/session.ts'
import type { Who } from '../support/http/client.ts'
import { done } from '../support/http/done.ts'
import { pagesOf } from '../support/http/pages.ts'

let lane: Lane
let cast: Cast
let stage: Stage
let owner: Who
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  stage = await cast.project('alpha')
  owner = cast.people.orgOwner.token
  await ok('POST /acme/alpha/entity-types', { name: 'server', states: ['up'], initialState: 'up' })
  await ok('POST /acme/alpha/cells', { name: 'eu', entityType: 'server' })
})
afterAll(() => lane.stop())

const ok = <Body>(request: string, json?: unknown, as: Who = owner) => done<Body>(lane.send, as, request, json)

type Item = Record<string, unknown>
let counter = 0
const unique = () => `n-${String(++counter).padStart(4, '0')}`

const type = () => ({ name: unique(), states: ['up'], initialState: 'up' })
const entity = async () => {
  const { id } = await ok<{ id: string }>('POST /acme/alpha/envs/default/entities', { entityType: 'server', name: unique() })
  await ok(`PUT /acme/alpha/envs/default/cells/eu/members/${id}`)
}
const nuke = async () => {
  await ok('POST /acme/beta/entity-types', type())
  await ok('DELETE /acme/beta/nuke')
}
const hire = async () => {
  const person = await cast.world.person()
  await ok('POST /orgs/acme/projects/alpha/members', { userId: person.id })
}

/** Each list of the API: its key, how to add an item, and whether the newest comes first. */
const lists = [
  { list: '/orgs/acme/projects', key: 'id', add: () => ok('POST /orgs/acme/projects', { name: 'X', slug: unique() }) },
  {
    list: '/orgs/acme/projects?sort=name',
    key: 'id',
    add: () => ok('POST /orgs/acme/projects', { name: 'Same', slug: unique() }),
  },
  {
    list: '/orgs/acme/projects?sort=-createdAt',
    key: 'id',
    add: () => ok('POST /orgs/acme/projects', { name: 'X', slug: unique() }),
    newestFirst: true,
  },
  {
    list: '/orgs/acme/project-summaries?sort=-name',
    key: 'id',
    add: () => ok('POST /orgs/acme/projects', { name: 'Same', slug: unique() }),
  },
  { list: '/orgs/acme/members', key: 'userId', add: () => cast.world.person() },
  { list: '/orgs/acme/projects/alpha/members', key: 'userId', add: hire },
  { list: '/acme/alpha/tokens', key: 'id', add: () => ok('POST /acme/alpha/tokens', { name: 'ci' }) },
  { list: '/acme/alpha/environments', key: 'id', add: () => ok('POST /acme/alpha/environments', { name: unique() }) },
  { list: '/acme/alpha/entity-types', key: 'name', add: () => ok('POST /acme/alpha/entity-types', type()) },
  { list: '/acme/alpha/cells', key: 'name', add: () => ok('POST /acme/alpha/cells', { name: unique(), entityType: 'server' }) },
  { list: '/acme/alpha/envs/default/entities', key: 'id', add: entity },
  { list: '/acme/alpha/cells/eu/members', key: 'id', add: entity },
  {
    list: '/acme/alpha/repo-links',
    key: 'id',
    add: () => ok('POST /acme/alpha/repo-links', { provider: 'github', repository: `a/${unique()}` }),
  },
  { list: '/acme/alpha/audit-events', key: 'id', add: () => ok('POST /acme/alpha/tokens', { name: 'ci' }), newestFirst: true },
  { list: '/orgs/acme/projects/beta/wipes', key: 'id', add: nuke, newestFirst: true },
]

/** Follows `Link` to the end, calling `between` after each page. */
async function follow(list: string, limit: number, between = async () => {}): Promise<Item[][]> {
  const pages: Item[][] = []
  const url = `${list}${list.includes('?') ? '&' : '?'}limit=${limit}`
  for await (const { body } of pagesOf<Item>(lane.send, owner, url)) {
    pages.push(body)
    await between()
  }
  return pages
}

describe('a list in pages', () => {
  beforeAll(async () => {
    await cast.project('beta')
  })

  test.for(lists)(
    '$list: repeats and loses nothing, whatever is added meanwhile',
    async ({ list, key, add, newestFirst = false }) => {
      for (let i = 0; i < 20; i++) await add()
      const there = (await follow(list, 200)).flat().map((item) => item[key])
      let added = 0
      const pages = await follow(list, Math.ceil(there.length / 10), async () => {
        if (++added <= 10) await add()
      })
      const keys = pages.flat().map((item) => item[key])
      expect(pages.length).toBeGreaterThanOrEqual(newestFirst ? 7 : 10)
      expect(new Set(keys).size).toBe(keys.length)
      // Items added at the front of a newest-first list belong to a page that was already read.
      expect(newestFirst ? keys : keys.filter((one) => there.includes(one))).toEqual(there)
    },
  )
})

describe('Link', () => {
  test('keeps the other parameters, and is absent on the last page', async () => {
    const first = await lane.send<Item[]>(owner, 'GET /orgs/acme/projects?q=n-&sort=-name&limit=2')
    const next = new URL(/<(.+)>/.exec(first.headers.get('link')!)![1]!, lane.origin)
    expect(Object.fromEntries(next.searchParams)).toMatchObject({ q: 'n-', sort: '-name', limit: '2' })
    const { length } = (await lane.send<Item[]>(owner, 'GET /acme/alpha/environments')).body
    const exact = await lane.send<Item[]>(owner, `GET /acme/alpha/environments?limit=${length}`)
    expect(exact.headers.get('link')).toBeNull()
  })

  test('100 items by default, 200 at most', async () => {
    for (let i = 0; i < 210; i++) await cast.world.db.insertInto('repo_links').values(link(i)).execute()
    const length = async (query: string) => (await lane.send<Item[]>(owner, `GET /acme/alpha/repo-links${query}`)).body.length
    expect([await length(''), await length('?limit=200'), await length('?limit=1')]).toEqual([100, 200, 1])
  })

  const link = (i: number) => {
    const id = `019aa000-0000-7000-8000-${String(i).padStart(12, '0')}`
    return { id, project_id: stage.id, provider: 'github', repository: `bulk/${i}`, branch: 'main', path: '/' }
  }
})

describe('lists of one’s own', () => {
  test('organizations: all that the person belongs to, or the one that the token is bound to', async () => {
    const { people, world, elsewhere } = cast
    await lane.db
      .insertInto('organization_members')
      .values({ org_id: elsewhere.org.id, user_id: people.orgMember.id, role: 'viewer' })
      .execute()
    const anywhere = await personalToken(lane.db, people.orgMember, null)
    const slugs = async (who: Who) => (await lane.send<Item[]>(who, 'GET /orgs')).body.map(({ slug }) => slug)
    expect(await slugs(anywhere)).toEqual(['acme', 'other'])
    expect(await slugs(await personalToken(lane.db, people.orgMember, world.org.id))).toEqual(['acme'])
    expect(await slugs(stage.tokens.viewer)).toEqual(['acme'])
  })

  test('personal tokens: only those of the person', async () => {
    const as = async (name: 'admin' | 'member') => browser(cast.people[name].credentialId)
    await ok('POST /orgs/acme/personal-tokens', { name: 'laptop' }, await as('admin'))
    const names = async (name: 'admin' | 'member') =>
      (await lane.send<Item[]>(await as(name), 'GET /orgs/acme/personal-tokens')).body.map((token) => token['name'])
    expect(await names('admin')).toEqual(['cast', 'laptop'])
    expect(await names('member')).toEqual(['cast'])
  })
})
