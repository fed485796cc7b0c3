import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cast, createCast } from '../support/world/cast.ts'
import { done } from '../support/http/done.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { rowsOf } from '../support/http/pages.ts'

let lane: Lane
let cast: Cast
/** Callers by what limits them, with their credential. */
const callers: Record<string, string> = {}

const eu = { derivedFrom: { property: 'region', values: ['eu'] } }
const us = { derivedFrom: { property: 'region', values: ['us'] } }

/** Names that patterns and forms of Unicode could confuse. */
const names = ['100%', '10_0', 'a\\b', 'Zoë', 'ZOË west', 'north', 'North star', 'ﬁn', 'x', '東京-1']
const regions = ['eu', 'us', 'none']

beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  await cast.project('alpha')
  const { orgOwner, owner } = cast.people
  const make = (path: string, body: unknown) => done<{ token: string }>(lane.send, orgOwner.token, `POST ${path}`, body)
  const property = { name: 'region', type: 'string' }
  await make('/acme/alpha/entity-types', { name: 'site', states: ['live'], initialState: 'live', properties: [property] })
  for (const [name, membership] of [
    ['eu', eu],
    ['us', us],
  ] as const)
    await make('/acme/alpha/cells', { name, entityType: 'site', membership })
  for (const [i, name] of names.entries()) {
    await make('/acme/alpha/cells', { name: `cell ${name}`, displayName: i % 2 ? name : `Area ${i}`, entityType: 'site' })
    await make('/acme/alpha/tokens', { name })
    for (const envName of ['default', 'staging']) {
      const entity = { entityType: 'site', name: `${name} ${envName}`, properties: { region: regions[i % 3] } }
      await make(`/acme/alpha/envs/${envName}/entities`, entity)
    }
    const { id } = await cast.world.person('member', `person-${i}`)
    await lane.db
      .updateTable('users')
      .set({ name: `${name} Person` })
      .where('id', '=', id)
      .execute()
    if (i % 2) await make(`/orgs/acme/projects/alpha/members`, { userId: id, role: 'viewer' })
  }
  const token = async (rights: object) => (await make('/acme/alpha/tokens', { name: 'limited', ...rights })).token
  Object.assign(callers, {
    'owner of the organization': orgOwner.token,
    'member of the organization': cast.people.orgMember.token,
    owner: owner.token,
    viewer: cast.people.viewer.token,
    'admin of one environment': cast.people.envAdmin.token,
    'admin of one cell': cast.people.cellAdmin.token,
    'token of one cell': await token({ cellScopes: ['us'] }),
    'token of no cell': await token({ cellScopes: [] }),
    'token of one cell in one environment': await token({ cellScopes: ['eu'], envName: 'staging', role: 'viewer' }),
    stranger: cast.stranger.token,
  })
})
afterAll(() => lane.stop())

/** Each list that the palette searches, with the texts of a row that it searches. */
const lists: Record<string, (row: Record<string, string>) => (string | undefined)[]> = {
  '/orgs/acme/projects': ({ name, slug }) => [name, slug],
  '/orgs/acme/members': ({ name, email }) => [name, email],
  '/orgs/acme/projects/alpha/members': ({ name, email }) => [name, email],
  '/acme/alpha/envs/default/entities': ({ name }) => [name],
  '/acme/alpha/envs/staging/entities': ({ name }) => [name],
  '/acme/alpha/cells': ({ name, displayName }) => [name, displayName],
  '/acme/alpha/tokens': ({ name }) => [name],
}

const folded = (text: string) => text.normalize('NFC').toLowerCase()

/** What a list answers: its rows, or the status of its refusal. */
async function answerOf(who: string, url: string): Promise<Record<string, string>[] | number> {
  const { status } = await lane.send(callers[who]!, `GET ${url}`)
  return status === 200 ? rowsOf<Record<string, string>>(lane.send, callers[who]!, url) : status
}

test('a search finds exactly the rows of the whole list that contain it, for every kind of caller', async () => {
  const needle = fc
    .record({
      name: fc.constantFrom(...names, 'person', 'eu', 'ALPHA', 'limited', 'no such thing'),
      from: fc.nat(3),
      length: fc.integer({ min: 1, max: 6 }),
      form: fc.constantFrom('NFC', 'NFD'),
    })
    // Without the spaces around it, as the palette sends it.
    .map(
      ({ name, from, length, form }) =>
        name
          .slice(from, from + length)
          .normalize(form)
          .trim() || name,
    )
  let found = 0
  let refused = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(callers)),
      fc.constantFrom(...Object.keys(lists)),
      needle,
      async (who, list, q) => {
        const whole = await answerOf(who, `${list}?limit=4`)
        const contains = (row: Record<string, string>) => lists[list]!(row).some((one) => one && folded(one).includes(folded(q)))
        const expected = typeof whole === 'number' ? whole : whole.filter(contains)
        expect(await answerOf(who, `${list}?limit=4&q=${encodeURIComponent(q)}`), `${who}: ${list} ${q}`).toEqual(expected)
        if (typeof expected === 'number') refused++
        else found += expected.length
      },
    ),
    { numRuns: 300 },
  )
  expect(found).toBeGreaterThan(100)
  expect(refused).toBeGreaterThan(10)
})

test('refuses a search of more than a hundred characters', async () => {
  for (const list of Object.keys(lists)) {
    const url = `GET ${list}?q=${'x'.repeat(10_000)}`
    expect(await lane.send(callers['owner of the organization']!, url), list).toMatchObject({ status: 400 })
  }
})
