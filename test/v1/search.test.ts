import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCast } from '../support/world/cast.ts'
import type { Who } from '../support/http/client.ts'
import { startLane } from '../support/http/lane.ts'

const lane = await startLane()
const cast = await createCast(lane.db)
afterAll(() => lane.stop())
const { send } = lane

type Found = { id: string; name: string; ID?: string; Name?: string }
const search = (who: Who, query: string, version = 'v1') =>
  send<Found[] & { error?: string }>(who, `GET /${version}/search?${query}`)
const names = async (who: Who, query: string) => (await search(who, query)).body.map(({ name }) => name)

type Stage = Awaited<ReturnType<typeof cast.project>>
let project: Stage
let other: Stage
let by: Who
const ids: Record<string, string> = {}
beforeAll(async () => {
  project = await cast.project('sought')
  other = await cast.project('elsewhere')
  by = { 'x-project-token': project.tokens.member }
  const environments = await send<Found[]>(by, `GET /v1/projects/${project.id}/environments`)
  const staging = environments.body.find(({ name }) => name === 'staging')!.id
  const add = async (who: Who, path: string, json: object) => {
    const answer = await send<{ id: string; name: string }>(who, `POST ${path}`, { json })
    expect(answer.status, answer.text).toBe(201)
    ids[answer.body.name] = answer.body.id
  }
  const agent = (name: string, more = {}) => ({
    name,
    machineID: name,
    type: 'fluentbit',
    version: '3.1.0',
    edition: 'community',
    ...more,
  })
  for (const name of ['Web-2', 'db', 'web-1', 'web']) await add(by, '/v1/agents', agent(name))
  await add(by, '/v1/agents', agent('staged', { environmentID: staging }))
  await add({ 'x-project-token': other.tokens.member }, '/v1/agents', agent('web-foreign'))
  await add(by, '/v1/aggregators', { name: 'core', version: '' })
})

const of = (resource: string, term?: string, exact?: boolean) =>
  `project_id=${project.id}&resource=${resource}${term === undefined ? '' : `&term=${encodeURIComponent(term)}`}${exact === undefined ? '' : `&exact=${exact}`}`

describe('GET /v1/search', () => {
  test('lists everything by name without a term', async () => {
    const all = await names(by, of('agent'))
    expect(all.toSorted()).toEqual(['Web-2', 'db', 'staged', 'web', 'web-1'])
    expect(await names(by, of('agent', '', false))).toEqual(all)
    const { body, headers } = await search(by, of('core_instance'))
    expect(body).toEqual([{ id: ids['core'], name: 'core', ID: ids['core'], Name: 'core' }])
    expect(headers.get('link')).toBeNull()
    expect(await names(by, of('environment'))).toEqual(['default', 'staging'])
    expect(await names(by, of('member'))).toContain('viewer')
  })

  test('finds parts of names in any case, and whole ids', async () => {
    expect((await names(by, of('agent', 'EB-'))).toSorted()).toEqual(['Web-2', 'web-1'])
    expect(await names(by, of('agent', ids['db']))).toEqual(['db'])
    expect(await names(by, of('agent', ids['db']!.toUpperCase(), true))).toEqual(['db'])
    expect(await names(by, of('agent', ids['db']!.slice(0, 8)))).toEqual([])
    for (const term of ['%', '_', '\\', "'", '🦊', 'x'.repeat(1000)]) expect(await names(by, of('agent', term))).toEqual([])
  })

  test('finds only what has exactly the term as its name, where there is such a thing', async () => {
    expect(await names(by, of('agent', 'web'))).toEqual(['web'])
    expect(await names(by, of('agent', 'web', true))).toEqual(['web'])
    expect(await names(by, of('agent', 'we', true))).toEqual([])
    expect(await names(by, of('agent', 'WEB', true))).toEqual([])
  })

  test.for(['cluster_object', 'config_section', 'fleet', 'pipeline', 'pipeline_secret', 'resource_profile', 'trace_session'])(
    'finds no %s, since there are none',
    async (resource) => {
      expect(await search(by, of(resource, 'web'))).toMatchObject({ status: 200, body: [] })
    },
  )

  test('takes a person or a project token, whose project is the default', async () => {
    expect(await names(cast.people.viewer.token, of('agent', 'web'))).toEqual(['web'])
    expect(await names(by, 'resource=agent&term=web')).toEqual(['web'])
    expect(await names(by, 'project_id=&resource=agent&term=web')).toEqual(['web'])
    const both = { ...(by as Record<string, string>), authorization: `Bearer ${cast.stranger.token}` }
    expect(await names(both, 'resource=agent&term=web')).toEqual(['web'])
    for (const [who, query, status, error] of [
      [null, of('agent'), 401, 'unauthenticated'],
      [cast.people.viewer.token, 'resource=agent', 422, 'invalid project ID'],
      [by, 'project_id=x&resource=agent', 422, 'invalid project ID'],
      [by, `project_id=${project.id}`, 422, 'unknown search resource'],
      [by, of('project'), 422, 'unknown search resource'],
      [by, `${of('agent')}&exact=maybe`, 422, 'invalid exact'],
      [by, `${of('agent')}&term=%00`, 422, 'invalid term'],
      [cast.stranger.token, of('agent'), 404, 'project not found'],
      [by, `project_id=${other.id}&resource=agent`, 404, 'project not found'],
    ] as const) {
      const answer = await search(who, query)
      expect([query, answer.status, answer.body.error]).toEqual([query, status, error])
    }
  })

  test('finds what its caller may see', async () => {
    const { envAdmin, cellAdmin } = cast.people
    expect(await names(envAdmin.token, of('agent'))).toEqual(['staged'])
    expect(await names(envAdmin.token, of('core_instance'))).toEqual([])
    expect(await names(envAdmin.token, of('environment'))).toEqual(['staging'])
    for (const resource of ['agent', 'core_instance']) expect(await names(cellAdmin.token, of(resource))).toEqual([])
  })
})

test('GET /v2/search answers each field once', async () => {
  const { body } = await search(by, of('agent', 'web'), 'v2')
  expect(body).toEqual([{ id: ids['web'], name: 'web' }])
  expect((await search(by, of('nothing'), 'v2')).body).toEqual({ error: 'unknown search resource' })
})

test('what is not under /v2 is refused as in /v1', async () => {
  for (const [request, status] of [
    ['GET /v2/pipelines/x/metrics', 404],
    ['GET /v2', 404],
    ['DELETE /v2/search', 405],
    ['PROPFIND /v2/search', 405],
    ['GET /v2/%zz', 404],
  ] as const) {
    const answer = await send<Record<string, unknown>>(by, request)
    expect([request, answer.status, Object.keys(answer.body)]).toEqual([request, status, ['error']])
  }
})
