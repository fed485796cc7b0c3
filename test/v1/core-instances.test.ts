import { createPrivateKey, createPublicKey } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import type { V1CoreInstance, V1CoreInstances, V1CreatedCoreInstance } from '#contract/v1/core-instances'
import { createCast } from '../support/world/cast.ts'
import type { Who } from '../support/http/client.ts'
import { startLane } from '../support/http/lane.ts'
import { unlike } from '../support/v1/schemas.ts'

const lane = await startLane()
const cast = await createCast(lane.db)
afterAll(() => lane.stop())
const { send } = lane

let n = 0
const stage = () => cast.project(`core-${++n}`)
type Stage = Awaited<ReturnType<typeof stage>>
const by = (project: Stage): Who => ({ 'x-project-token': project.tokens.member })
const as = (one: { token: string }): Who => ({ 'x-aggregator-token': one.token })

/** As Go's client sends it: every field is present, null or empty when unset. */
const coreInstance = (more: object = {}) => ({
  name: 'core-instance',
  version: '',
  addHealthCheckPipeline: true,
  healthCheckPipelinePort: 0,
  healthCheckPipelinePortKind: '',
  clusterLogging: false,
  skipServiceCreation: false,
  image: null,
  tags: null,
  metadata: { 'k8s.namespace': 'default' },
  environmentID: '',
  ...more,
})
const post = (who: Who, json: object) => send<V1CreatedCoreInstance & { error: string }>(who, 'POST /v1/aggregators', { json })
async function create(project: Stage, more?: object) {
  const answer = await post(by(project), coreInstance(more))
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)])
  return answer.body
}
const get = (who: Who, id: string) => send<V1CoreInstance & { error: string }>(who, `GET /v1/aggregators/${id}`)
const list = (project: Stage, query = '') =>
  send<V1CoreInstance[]>(by(project), `GET /v1/projects/${project.id}/aggregators?${query}`)
const names = async (project: Stage, query = '') => (await list(project, query)).body.map(({ name }) => name)
const counted = async (project: Stage, query = '') =>
  (await send<V1CoreInstances>(by(project), `GET /v1/projects/${project.id}/core_instances?${query}`)).body
const patch = (who: Who, id: string, json: object) => send<{ error: string }>(who, `PATCH /v1/aggregators/${id}`, { json })
const ping = (who: Who, id: string) => send<{ nextPing: number; error: string }>(who, `POST /v1/aggregators/${id}/ping`)
const staging = async (project: Stage) => {
  const { body } = await send<{ id: string }[]>(by(project), `GET /v1/projects/${project.id}/environments?name=staging`)
  return body[0]!.id
}
const aggregatorsCount = async (project: Stage) =>
  (await send<{ aggregatorsCount: number }>(by(project), `GET /v1/projects/${project.id}`)).body.aggregatorsCount
const refusal = ({ status, body }: { status: number; body: { error?: string } }) => [status, body.error]

const untouched = await stage()

describe('POST /v1/aggregators', () => {
  test('shows the same in create, get and both lists', async () => {
    const project = await stage()
    const made = await create(project, { version: 'v0.1.12', image: 'ghcr.io/calyptia/core:v1', tags: ['one', 'two'] })
    expect(made).toEqual({
      id: expect.any(String),
      token: expect.stringMatching(/^[\w-]+\.[\w-]{64}$/),
      name: 'core-instance',
      version: 'v0.1.12',
      image: 'ghcr.io/calyptia/core:v1',
      tags: ['one', 'two'],
      environmentName: 'default',
      skipServiceCreation: false,
      createdAt: expect.stringMatching(/\.\d{6}Z$/),
      privateRSAKey: expect.any(String),
      publicRSAKey: expect.any(String),
      healthCheckPipeline: null,
      clusterLoggingPipeline: null,
      resourceProfiles: expect.any(Array),
    })
    const later = new Set([
      'id',
      'token',
      'name',
      'version',
      'image',
      'tags',
      'environmentName',
      'skipServiceCreation',
      'createdAt',
    ])
    const shown = Object.fromEntries(Object.entries(made).filter(([field]) => later.has(field)))
    const { body } = await get(by(project), made.id)
    expect(body).toEqual({
      ...shown,
      pipelinesCount: 0,
      metadata: { 'k8s.namespace': 'default' },
      status: 'waiting',
      clusterLoggingEnabled: false,
      updatedAt: made.createdAt,
    })
    expect((await list(project)).body).toEqual([body])
    expect(await counted(project)).toEqual({ items: [body], endCursor: null, count: 1 })
    expect(await aggregatorsCount(project)).toBe(1)
  })

  test('answers every field that the specification requires, with a key and three profiles', async () => {
    const project = await stage()
    const [one, two] = [await create(project, { name: 'one' }), await create(project, { name: 'two', image: '' })]
    for (const made of [one, two]) {
      expect(unlike('CreatedCoreInstance', made)).toBeNull()
      expect([made.image, made.tags]).toEqual(['', []])
      const key = createPrivateKey(Buffer.from(made.privateRSAKey, 'base64'))
      expect(key.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 })
      const der = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
      const pem = Buffer.from(made.publicRSAKey, 'base64').toString()
      expect(pem.replaceAll(/-----.*-----|\n/g, '')).toBe(der)
      expect(made.resourceProfiles.map(({ name }) => name)).toEqual([
        'high-performance-guaranteed-delivery',
        'high-performance-optimal-throughput',
        'best-effort-low-resource',
      ])
    }
    expect(one.privateRSAKey).not.toBe(two.privateRSAKey)
    expect((await get(by(project), one.id)).body.image).toBeNull()
  })

  test('refuses some of very many at once, and creates the others', async () => {
    const project = await stage()
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => post(by(project), coreInstance({ name: `core-${i}` }))),
    )
    const made = answers.filter(({ status }) => status === 201)
    expect(made.length).toBeGreaterThan(0)
    const others = answers.filter(({ status }) => status !== 201)
    for (const { status, headers } of others) {
      expect([429, 503]).toContain(status)
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect(await aggregatorsCount(project)).toBe(made.length)
  })

  test('allows a name once per environment', async () => {
    const project = await stage()
    await create(project)
    const second = await post(by(project), coreInstance())
    expect(refusal(second)).toEqual([409, 'aggregator name already exists'])
    const environmentID = await staging(project)
    expect((await create(project, { environmentID })).environmentName).toBe('staging')
    expect(await aggregatorsCount(project)).toBe(2)
    const unknown = await post(by(project), coreInstance({ environmentID: project.id }))
    expect(refusal(unknown)).toEqual([404, 'environment not found'])
  })

  test.for<[object, string]>([
    [{ name: '' }, 'invalid aggregator name'],
    [{ name: 'a_b' }, 'invalid aggregator name'],
    [{ version: 'non-semver-version' }, 'invalid aggregator version'],
    [{ image: 'two words' }, 'invalid docker image'],
    [{ tags: ['two words'] }, 'invalid tag'],
    [{ metadata: { 'k8s.namespace': 'x'.repeat(10 * 1024) } }, 'invalid aggregator metadata'],
    [{ environmentID: 'x' }, 'invalid environment ID'],
    [{ healthCheckPipelinePort: -1 }, 'invalid healthCheckPipelinePort'],
  ])('%j: %s', async ([wrong, error]) => {
    expect(refusal(await post(by(untouched), coreInstance(wrong)))).toEqual([422, error])
    expect(await names(untouched)).toEqual([])
  })

  test('requires a project token that can create data', async () => {
    expect(refusal(await post(cast.people.admin.token, coreInstance()))).toEqual([403, 'permission denied'])
    for (const token of [untouched.tokens.viewer, untouched.tokens.readOnly])
      expect(refusal(await post({ 'x-project-token': token }, coreInstance()))).toEqual([403, 'permission denied'])
  })
})

test('both lists page newest first, and filter', async () => {
  const project = await stage()
  const environmentID = await staging(project)
  for (let i = 0; i < 7; i++)
    await create(project, { name: `c${i}`, tags: [i > 3 ? 'tagone' : 'tagtwo', 'tagthree'], ...(i > 4 && { environmentID }) })
  const first = await counted(project, 'last=3')
  expect(first.items.map(({ name }) => name)).toEqual(['c6', 'c5', 'c4'])
  expect(first.count).toBe(7)
  const second = await counted(project, `last=3&before=${first.endCursor}`)
  expect(second.items.map(({ name }) => name)).toEqual(['c3', 'c2', 'c1'])
  const { body, headers } = await list(project, `last=3&before=${first.endCursor}`)
  expect(body).toEqual(second.items)
  expect(headers.get('link')).toBe(`</v1/projects/${project.id}/aggregators?last=3&before=${second.endCursor}>; rel="next"`)
  expect(await counted(project, `last=3&before=${second.endCursor}`)).toMatchObject({ items: [{ name: 'c0' }], endCursor: null })
  expect(await names(project, 'tags_query=tagone')).toEqual(['c6', 'c5', 'c4'])
  expect(await names(project, 'tags_query=tagone+AND+tagtwo')).toEqual([])
  expect((await counted(project, 'tags_query=tagthree&last=1')).count).toBe(7)
  expect(await names(project, `environment_id=${environmentID}`)).toEqual(['c6', 'c5'])
  expect(await names(project, 'name=c2')).toEqual(['c2'])
})

test('PATCH changes the given fields and keeps names unique', async () => {
  const project = await stage()
  const made = await create(project)
  const environmentID = await staging(project)
  await create(project, { name: 'taken' })
  await create(project, { name: 'renamed', environmentID })
  const { member, viewer } = cast.people
  expect((await patch(member.token, made.id, { name: 'renamed', version: null, tags: ['x'] })).status).toBe(204)
  expect((await get(by(project), made.id)).body).toMatchObject({ name: 'renamed', version: '', tags: ['x'] })
  expect(refusal(await patch(member.token, made.id, { name: 'taken' }))).toEqual([409, 'aggregator name already exists'])
  expect(refusal(await patch(member.token, made.id, { environmentID }))).toEqual([409, 'aggregator name already exists'])
  for (const version of ['', 'non-semver-version'])
    expect(refusal(await patch(by(project), made.id, { version }))).toEqual([422, 'invalid aggregator version'])
  expect(refusal(await patch(viewer.token, made.id, { name: 'x' }))).toEqual([403, 'permission denied'])
  expect((await patch(by(project), made.id, { environmentID, name: 'moved', clusterLogging: true })).status).toBe(204)
  expect((await get(by(project), made.id)).body).toMatchObject({
    name: 'moved',
    environmentName: 'staging',
    clusterLoggingEnabled: true,
    createdAt: made.createdAt,
  })
})

test('its own token opens itself and nothing else', async () => {
  const project = await stage()
  const one = await create(project, { name: 'one' })
  const two = await create(project, { name: 'two' })
  expect((await get(as(one), one.id)).body.token).toBe(one.token)
  expect((await patch(as(one), one.id, { version: 'v1.2.3' })).status).toBe(204)
  const environmentID = await staging(project)
  expect(refusal(await patch(as(one), one.id, { environmentID }))).toEqual([403, 'permission denied'])
  expect(refusal(await get(as(one), two.id))).toEqual([404, 'aggregator not found'])
  expect(refusal(await ping(as(one), two.id))).toEqual([404, 'aggregator not found'])
  expect(refusal(await send(as(one), `DELETE /v1/aggregators/${one.id}`))).toEqual([403, 'permission denied'])
  expect(refusal(await send(as(one), `GET /v1/projects/${project.id}/core_instances`))).toEqual([403, 'permission denied'])
  expect(refusal(await get({ 'x-agent-token': one.token }, one.id))).toEqual([401, 'invalid agent token'])
  expect((await get(cast.people.viewer.token, one.id)).body.token).toBe(`…${one.token.slice(-6)}`)
})

test('ping: waiting, running, unreachable', async () => {
  const project = await stage()
  const made = await create(project)
  const status = async () => (await get(by(project), made.id)).body.status
  expect(await status()).toBe('waiting')
  expect(refusal(await ping(cast.people.viewer.token, made.id))).toEqual([403, 'permission denied'])
  for (const who of [as(made), by(project), cast.people.member.token]) {
    const answer = await ping(who, made.id)
    expect([answer.status, answer.body]).toEqual([200, { nextPing: 30_000_000_000 }])
    expect(await status()).toBe('running')
    const last_ping_at = new Date(Date.now() - 36_000).toISOString()
    await lane.db.updateTable('core_instances').set({ last_ping_at }).where('id', '=', made.id).execute()
    expect(await status()).toBe('unreachable')
  }
  expect((await get(by(project), made.id)).body.updatedAt).toBe(made.createdAt)
})

describe('DELETE', () => {
  test('removes one or many: skips unknown ids, and a malformed one cancels all', async () => {
    const project = await stage()
    const foreign = await create(await stage())
    const made = await create(project)
    expect((await send(cast.people.member.token, `DELETE /v1/aggregators/${made.id}`)).status).toBe(204)
    for (const request of [`DELETE /v1/aggregators/${made.id}`, `GET /v1/aggregators/${made.id}`])
      expect(refusal(await send(by(project), request))).toEqual([404, 'aggregator not found'])
    expect(refusal(await ping(as(made), made.id))).toEqual([401, 'invalid aggregator token'])
    const ids: string[] = []
    for (let i = 0; i < 3; i++) ids.push((await create(project, { name: `c${i}` })).id)
    const bulk = (...some: string[]) =>
      send(by(project), `DELETE /v1/projects/${project.id}/aggregators?${some.map((id) => `aggregator_id=${id}`).join('&')}`)
    expect(refusal(await bulk(...ids, 'x'))).toEqual([422, 'invalid aggregator ID'])
    expect(await aggregatorsCount(project)).toBe(3)
    expect((await bulk(ids[0]!, ids[1]!, foreign.id)).status).toBe(204)
    expect(await names(project)).toEqual(['c2'])
    expect(await aggregatorsCount(project)).toBe(1)
  })
})

test('hides core instances of another project', async () => {
  const [project, other] = [await stage(), await stage()]
  const made = await create(project)
  for (const who of [by(other), cast.stranger.token]) {
    expect(refusal(await get(who, made.id))).toEqual([404, 'aggregator not found'])
    expect(refusal(await patch(who, made.id, { name: 'x' }))).toEqual([404, 'aggregator not found'])
    expect(refusal(await ping(who, made.id))).toEqual([404, 'aggregator not found'])
    expect(refusal(await send(who, `GET /v1/projects/${project.id}/core_instances`))).toEqual([404, 'project not found'])
  }
})
