import { afterAll, beforeAll, expect, test } from 'vitest'
import type { VerbGrant } from '#contract/common'
import { type Cast, type Stage, createCast, personalToken } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'

/** A refusal reveals nothing of the rest of the project to a limited caller: neither names nor numbers. */
let lane: Lane
let cast: Cast
let stage: Stage
/** Each limited in one way. */
const callers: Record<string, string> = {}
/** The only relationship that all callers in `eu` see. */
let link = ''

beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  stage = await cast.project('alpha')
  await furnish()
  const limit = async (
    rights: { role: 'member' | 'admin'; envName?: string; cellScopes?: string[] },
    verbs: VerbGrant[] = [],
  ) => {
    const actor = await cast.world.member({ id: stage.id }, rights)
    await lane.db.updateTable('project_members').set({ verbs }).where('user_id', '=', actor.id).execute()
    return personalToken(lane.db, actor, cast.world.org.id)
  }
  callers['a member of one cell'] = await limit({ role: 'member', cellScopes: ['eu'] })
  callers['a member of one cell in one environment'] = await limit({ role: 'member', envName: 'default', cellScopes: ['eu'] })
  callers['a member of one environment'] = await limit({ role: 'member', envName: 'staging' })
  callers['an admin of one cell'] = await limit({ role: 'admin', cellScopes: ['eu'] })
  callers['an admin who may not read'] = await limit({ role: 'admin' }, ['create:*', 'update:*', 'delete:*'])
})
afterAll(() => lane.stop())

async function made<Body = { id: string }>(request: string, json: unknown): Promise<Body> {
  const answer = await lane.send<Body>(stage.tokens.owner, request, { json })
  if (answer.status >= 300) throw new Error(`${request}: ${answer.text}`)
  return answer.body
}

/** Entities in `eu`, one of them with 10 relationships that callers in `eu` do not see, whose units add up to 40. */
async function furnish() {
  const at = '/acme/alpha'
  await made(`POST ${at}/entity-types`, {
    name: 'server',
    states: ['active'],
    initialState: 'active',
    properties: [{ name: 'region', type: 'string' }],
    metrics: [
      { name: 'load' },
      { name: 'links', source: { type: 'derived', derivedFrom: 'relationship-count', filter: { relationshipType: 'links' } } },
    ],
    constraints: [{ metric: 'links', max: 11 }],
  })
  await made(`POST ${at}/cells`, { name: 'eu', entityType: 'server', membership: { derivedFrom: { property: 'region' } } })
  await made(`POST ${at}/cells`, {
    name: 'hidden-cell',
    entityType: 'server',
    membership: { derivedFrom: { property: 'region' } },
    constraints: [{ metric: 'load', aggregate: 'sum', max: 1000 }],
  })
  await made(`POST ${at}/relationship-types`, {
    name: 'links',
    from: 'server',
    to: 'server',
    states: ['up'],
    properties: [{ name: 'units', type: 'integer' }],
    constraints: [{ type: 'property-sum', property: 'units', leq: 50 }],
  })
  await made(`POST ${at}/relationship-types`, {
    name: 'single',
    from: 'server',
    to: 'server',
    states: ['up'],
    cardinality: 'one-to-one',
  })
  for (const name of ['seen', 'third'])
    await made(`POST ${at}/envs/default/entities`, { entityType: 'server', name, properties: { region: 'eu' } })
  await made(`POST ${at}/envs/default/entities`, { entityType: 'server', name: 'other', properties: { region: 'eu' } })
  await made(`POST ${at}/envs/staging/entities`, { entityType: 'server', name: 'seen', properties: { region: 'eu' } })
  for (let i = 0; i < 10; i++)
    await made(`POST ${at}/envs/default/entities`, {
      entityType: 'server',
      name: `hidden-${i}`,
      properties: { region: 'hidden-cell' },
    })
  for (let i = 0; i < 10; i++)
    await made(`POST ${at}/envs/default/relationships`, {
      relationshipType: 'links',
      from: `hidden-${i}`,
      to: 'seen',
      properties: { units: 4 },
    })
  await made(`POST ${at}/envs/default/relationships`, { relationshipType: 'single', from: 'hidden-1', to: 'seen' })
  await made(`POST ${at}/envs/default/secrets`, { name: 'hidden-secret' })
  const ends = { relationshipType: 'links', from: 'other', to: 'seen' }
  link = (await made(`POST ${at}/envs/default/relationships`, { ...ends, properties: { units: 1 } })).id
  await made(`POST ${at}/environments`, { name: 'busy' })
  for (let i = 0; i < 13; i++) await made(`POST ${at}/envs/busy/entities`, { entityType: 'server', name: `hidden-busy-${i}` })
  for (let i = 0; i < 3; i++) await made(`POST ${at}/tokens`, { name: `hidden-token-${i}`, envName: 'busy' })
}

/** Calls that are refused, and what the owner reads. */
const calls: [string, { json?: unknown; owner: RegExp }][] = [
  ['DELETE /acme/alpha/envs/default/entities/seen', { owner: /still has 12 relationships\. Delete them first/ }],
  ['DELETE /acme/alpha/entity-types/server', { owner: /still has 27 entities, 2 cells, 2 relationship types/ }],
  ['DELETE /acme/alpha/relationship-types/links', { owner: /still has 11 relationships/ }],
  ['DELETE /acme/alpha/environments/busy', { owner: /still has 13 entities, 3 tokens limited to it/ }],
  ['DELETE /acme/alpha/cells/eu', { owner: /the member member-\d+@acme\.test/ }],
  ['PUT /acme/alpha/cells/eu', { json: { entityType: 'server' }, owner: /the member member-\d+@acme\.test/ }],
  [
    'PUT /acme/alpha/envs/default/relationships/{link}',
    { json: { properties: { units: 11 } }, owner: /The sum of units over links at seen may be at most 50/ },
  ],
  [
    'POST /acme/alpha/envs/default/relationships',
    {
      json: { relationshipType: 'links', from: 'third', to: 'seen', properties: { units: 1 } },
      owner: /links may be at most 11/,
    },
  ],
  [
    'POST /acme/alpha/envs/default/relationships',
    { json: { relationshipType: 'single', from: 'other', to: 'seen' }, owner: /seen already has one/ },
  ],
  [
    'POST /acme/alpha/envs/default/entities',
    { json: { entityType: 'server', name: 'seen', properties: { region: 'eu' } }, owner: /already a server named seen/ },
  ],
  [
    'POST /acme/alpha/envs/default/apply',
    { json: { items: [], deletions: [{ kind: 'RelationshipType', name: 'links' }] }, owner: /still has 11 relationships/ },
  ],
]

/** Counts of anything but the one visible relationship, and sums that would reveal the others. */
const numbers = /\b(?!1 relationship\b)\d+ (relationship|entit|cell|member|token)|(?<![\w-])(10|12|13|27|41|51)(?![\w-])/

test.for(calls)(
  '%s tells the owner, and reveals nothing to a limited caller that they cannot see',
  async ([call, { json, owner }]) => {
    const request = call.replace('{link}', link)
    expect((await lane.send(stage.tokens.owner, request, { json })).text).toMatch(owner)
    for (const [who, bearer] of Object.entries(callers)) {
      const { status, body, text } = await lane.send(bearer, request, { json })
      // An apply answers 207 with what failed.
      expect(status, `${who}: ${text}`).toBeGreaterThanOrEqual(207)
      const { requestId: _, ...refusal } = body as Record<string, unknown>
      const words = JSON.stringify(refusal)
      expect(words, who).not.toMatch(/hidden|@acme/)
      expect(words, who).not.toMatch(numbers)
    }
  },
)

test('tells limited callers how many relationships they see, and whom to ask when they see none', async () => {
  const bearer = callers['a member of one cell']!
  const refusal = async (name: string) => (await lane.send(bearer, `DELETE /acme/alpha/envs/default/entities/${name}`)).body.error
  expect(await refusal('seen')).toBe('seen still has 1 relationship that you can see, and others. Delete them first')
  expect(await refusal('other')).toBe('other still has 1 relationship. Delete it first')
  await lane.send(stage.tokens.owner, `DELETE /acme/alpha/envs/default/relationships/${link}`)
  expect(await refusal('seen')).toBe(
    'seen still has relationships that you can’t see. Ask an admin of the project to delete them first',
  )
})
