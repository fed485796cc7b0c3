import { afterAll, describe, expect, test } from 'vitest'
import type { V1Agent, V1RegisterAgent, V1RegisteredAgent } from '#contract/v1/agents'
import { createCast } from '../support/world/cast.ts'
import type { Who } from '../support/http/client.ts'
import { startLane } from '../support/http/lane.ts'
import { rowsOf } from '../support/http/pages.ts'

const lane = await startLane()
const cast = await createCast(lane.db)
afterAll(() => lane.stop())
const { send } = lane

let n = 0
const stage = () => cast.project(`agents-${++n}`)
type Stage = Awaited<ReturnType<typeof stage>>
const by = (project: Stage): Who => ({ 'x-project-token': project.tokens.member })
const as = (agent: { token: string }): Who => ({ 'x-agent-token': agent.token })

/** As Go's client sends it: every field is present, null or empty when unset. */
const agent = (machineID = 'machine-1', more: object = {}) => ({
  name: 'web-1.example',
  machineID,
  type: 'fluentbit',
  version: 'v1.8.6',
  edition: 'community',
  os: '',
  arch: '',
  flags: ['-q'],
  rawConfig: '[INPUT]\n  name cpu\n',
  metadata: { 'k8s.pod_name': 'web-1' },
  tags: null,
  environmentID: '',
  fleetID: null,
  ...more,
})
const post = (who: Who, json: object) => send<V1RegisteredAgent & { error: string }>(who, 'POST /v1/agents', { json })
async function register(project: Stage, machineID?: string, more?: object) {
  const answer = await post(by(project), agent(machineID, more))
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)])
  return answer.body
}
const get = (who: Who, id: string) => send<V1Agent & { error: string }>(who, `GET /v1/agents/${id}`)
const list = (who: Who, project: Stage, query = '') => send<V1Agent[]>(who, `GET /v1/projects/${project.id}/agents?${query}`)
const names = async (who: Who, project: Stage, query = '') => (await list(who, project, query)).body.map(({ name }) => name)
const patch = (who: Who, id: string, json: object) => send<{ error: string }>(who, `PATCH /v1/agents/${id}`, { json })
const staging = async (project: Stage) => {
  const { body } = await send<{ id: string }[]>(by(project), `GET /v1/projects/${project.id}/environments?name=staging`)
  return body[0]!.id
}
const refusal = ({ status, body }: { status: number; body: { error?: string } }) => [status, body.error]

const untouched = await stage()

describe('POST /v1/agents', () => {
  test('registers a machine once, and shows it alike in create, get and list', async () => {
    const project = await stage()
    const made = await register(project)
    expect(made).toEqual({
      id: expect.any(String),
      token: expect.stringMatching(/^[\w-]+\.[\w-]{64}$/),
      name: 'web-1.example',
      createdAt: expect.stringMatching(/\.\d{6}Z$/),
      environmentName: 'default',
    })
    const { body } = await get(by(project), made.id)
    expect(body).toEqual({
      ...made,
      fleetID: null,
      machineID: 'machine-1',
      type: 'fluentbit',
      version: 'v1.8.6',
      edition: 'community',
      os: 'unknown',
      arch: 'unknown',
      flags: ['-q'],
      status: 'unhealthy',
      rawConfig: '[INPUT]\n  name cpu\n',
      metadata: { 'k8s.pod_name': 'web-1' },
      tags: [],
      firstMetricsAddedAt: null,
      lastMetricsAddedAt: null,
      updatedAt: made.createdAt,
    })
    expect((await list(by(project), project)).body).toEqual([body])

    const again = await register(project, 'machine-1', { name: 'web-2', version: '2.0.0', flags: null, rawConfig: null })
    expect(again).toEqual({ ...made, name: 'web-2' })
    expect((await list(by(project), project)).body).toMatchObject([
      { id: made.id, version: '2.0.0', flags: ['-q'], rawConfig: body.rawConfig, createdAt: made.createdAt },
    ])
    const { body: counted } = await send<{ agentsCount: number }>(by(project), `GET /v1/projects/${project.id}`)
    expect(counted.agentsCount).toBe(1)
  })

  test.for(['windows', 'macos', 'linux', 'freebsd', 'openbsd', 'netbsd'])('accepts an agent on %s', async (os) => {
    const project = await stage()
    const { id } = await register(project, 'm', { os })
    expect((await get(by(project), id)).body.os).toBe(os)
  })

  test('accepts what Fluentd sends to register, update and report', async () => {
    const project = await stage()
    const reported = {
      name: 'fluentd-1',
      type: 'fluentd',
      rawConfig: '<source>\n</source>',
      version: '1.16.2',
      edition: 'community',
    }
    const { status, body } = await post(by(project), { ...reported, machineID: 'm' })
    expect(status).toBe(201)
    expect((await patch(as(body), body.id, { ...reported, version: '1.17.0-rc1', machineID: 'm' })).status).toBe(204)
    expect((await get(as(body), body.id)).body).toMatchObject({ type: 'fluentd', version: '1.17.0-rc1' })
  })

  test('accepts what Fluent Bit sends', async () => {
    const project = await stage()
    const { status, body } = await post(by(project), {
      name: 'unknown',
      type: 'fluentbit',
      rawConfig: '',
      version: '3.1.0',
      edition: 'community',
      os: 'linux',
      arch: 'x86_64',
      machineID: 'a'.repeat(64),
      fleetID: '123e4567-e89b-12d3-a456-426614174000',
      metadata: {},
    })
    expect(status).toBe(201)
    expect((await get(by(project), body.id)).body).toMatchObject({
      os: 'linux',
      arch: 'x86_64',
      flags: [],
      metadata: {},
      fleetID: '123e4567-e89b-12d3-a456-426614174000',
    })
  })

  test.for<[Partial<Record<keyof V1RegisterAgent, unknown>>, string]>([
    [{ name: 'two words' }, 'invalid agent name'],
    [{ name: '-x' }, 'invalid agent name'],
    [{ name: null }, 'invalid agent name'],
    [{ machineID: '' }, 'invalid machine ID'],
    [{ machineID: 'x'.repeat(257) }, 'invalid machine ID'],
    [{ type: 'logstash' }, 'invalid agent type'],
    [{ version: '' }, 'invalid agent version'],
    [{ version: 'latest' }, 'invalid agent version'],
    [{ edition: 'free' }, 'invalid agent edition'],
    [{ os: 'beos' }, 'invalid agent operating system'],
    [{ arch: 'z80' }, 'invalid agent architecture'],
    [{ flags: 'a' }, 'invalid agent flags'],
    [{ flags: ['a', 'b\0c'] }, 'invalid agent flag'],
    [{ flags: [7] }, 'invalid agent flag'],
    [{ rawConfig: 'a\0' }, 'invalid agent raw config'],
    [{ rawConfig: 'x'.repeat(300_000) }, 'invalid agent raw config'],
    [{ metadata: [] }, 'invalid agent metadata'],
    [{ metadata: { a: 'x'.repeat(8200) } }, 'invalid agent metadata'],
    [{ metadata: { a: { b: '\0' } } }, 'invalid agent metadata'],
    [{ tags: ['two words'] }, 'invalid tag'],
    [{ environmentID: 'default' }, 'invalid environment ID'],
    [{ fleetID: 'x' }, 'invalid fleet ID'],
  ])('%j: %s', async ([wrong, error]) => {
    expect(refusal(await post(by(untouched), agent('m', wrong)))).toEqual([422, error])
    expect(await names(by(untouched), untouched)).toEqual([])
  })

  test('registers in the environment that it names, and a machine stays there', async () => {
    const project = await stage()
    const environmentID = await staging(project)
    const made = await register(project, 'm', { environmentID })
    expect(made.environmentName).toBe('staging')
    expect((await register(project, 'm', { environmentID: null })).environmentName).toBe('staging')
    const elsewhere = (await send<{ id: string }[]>(by(project), `GET /v1/projects/${project.id}/environments?name=default`)).body
    const moved = await post(by(project), agent('m', { environmentID: elsewhere[0]!.id }))
    expect(refusal(moved)).toEqual([409, 'machine ID conflict'])
    const unknown = await post(by(project), agent('n', { environmentID: project.id }))
    expect(refusal(unknown)).toEqual([404, 'environment not found'])
  })

  test('requires a project token that can create data', async () => {
    const project = await stage()
    const { admin } = cast.people
    expect(refusal(await post(admin.token, agent()))).toEqual([403, 'permission denied'])
    for (const token of [project.tokens.viewer, project.tokens.readOnly])
      expect(refusal(await post({ 'x-project-token': token }, agent()))).toEqual([403, 'permission denied'])
    expect(refusal(await post(null, agent()))).toEqual([401, 'unauthenticated'])
    const both = { 'x-project-token': project.tokens.member, authorization: `Bearer ${admin.token}` }
    expect((await post(both, agent())).status).toBe(201)
  })
})

describe('GET /v1/projects/{projectID}/agents', () => {
  test('pages newest first, and filters', async () => {
    const project = await stage()
    const environmentID = await staging(project)
    const fleetID = '123e4567-e89b-12d3-a456-426614174000'
    for (let i = 0; i < 4; i++) await register(project, `a${i}`, { name: `a${i}`, tags: ['one', `t${i}`] })
    for (let i = 4; i < 8; i++) await register(project, `a${i}`, { name: `a${i}`, environmentID, fleetID, tags: ['two'] })
    const seen = await rowsOf<V1Agent>(send, by(project), `/v1/projects/${project.id}/agents?last=3`)
    expect(seen.map(({ name }) => name)).toEqual(['a7', 'a6', 'a5', 'a4', 'a3', 'a2', 'a1', 'a0'])
    const times = seen.map(({ createdAt }) => createdAt)
    expect(times).toEqual([...new Set(times)].toSorted().toReversed())
    const filtered = (query: string) => names(by(project), project, query)
    expect(await filtered('name=a5')).toEqual(['a5'])
    expect(await filtered('name=a')).toEqual([])
    expect(await filtered(`environment_id=${environmentID}&last=2`)).toEqual(['a7', 'a6'])
    expect(await filtered(`fleet_id=${fleetID}`)).toHaveLength(4)
    expect(await filtered(`fleet_id=${project.id}`)).toEqual([])
    expect(await filtered(`pipeline_id=${fleetID}`)).toEqual([])
    expect(await filtered('environment_id=&fleet_id=&pipeline_id=&tags_query=')).toHaveLength(8)
    expect(await filtered('tags_query=one')).toHaveLength(4)
    expect(await filtered('tags_query=one+AND+t2')).toEqual(['a2'])
    expect(await filtered('tags_query=one+AND+two')).toEqual([])
    expect(await filtered('tags_query=two+OR+one+AND+t0')).toEqual(['a7', 'a6', 'a5', 'a4', 'a0'])
    for (const [query, error] of [
      ['tags_query=one+two', 'invalid tag'],
      ['environment_id=x', 'invalid environment ID'],
      ['fleet_id=x', 'invalid fleet ID'],
      ['pipeline_id=x', 'invalid pipeline ID'],
      ['last=-1', 'invalid last'],
      ['before=x', 'decode cursor'],
    ]) {
      const answer = await send(by(project), `GET /v1/projects/${project.id}/agents?${query}`)
      expect([query, ...refusal(answer)]).toEqual([query, 422, error])
    }
  })
})

describe('PATCH /v1/agents/{agentID}', () => {
  test('lets every writer move the agent to another environment and fleet, and leaves what is null', async () => {
    const project = await stage()
    const made = await register(project)
    const environmentID = await staging(project)
    const fleetID = '123e4567-e89b-12d3-a456-426614174000'
    const unset = { name: null, version: null, edition: null, flags: null, rawConfig: null, metadata: null }
    const { member, viewer, envAdmin } = cast.people
    expect((await patch(member.token, made.id, { ...unset, environmentID, fleetID: null })).status).toBe(204)
    expect((await get(as(made), made.id)).body).toMatchObject({
      environmentName: 'staging',
      fleetID: null,
      name: 'web-1.example',
    })
    expect((await patch(by(project), made.id, { ...unset, environmentID: null, fleetID })).status).toBe(204)
    const moved = { environmentName: 'staging', fleetID, version: 'v1.8.6', flags: ['-q'] }
    expect((await get(as(made), made.id)).body).toMatchObject(moved)
    const byDefault = (await send<{ id: string }[]>(by(project), `GET /v1/projects/${project.id}/environments?name=default`)).body
    for (const [who, json, status, error] of [
      [viewer.token, { environmentID }, 403, 'permission denied'],
      [envAdmin.token, { environmentID: byDefault[0]!.id }, 403, 'permission denied'],
      [as(made), { environmentID: byDefault[0]!.id }, 403, 'permission denied'],
      [by(project), { environmentID: project.id }, 404, 'environment not found'],
      [by(project), { environmentID: 'x' }, 422, 'invalid environment ID'],
      [by(project), { fleetID: 'x' }, 422, 'invalid fleet ID'],
    ] as const)
      expect([json, ...refusal(await patch(who, made.id, json))]).toEqual([json, status, error])
    expect((await get(as(made), made.id)).body).toMatchObject(moved)
    const logs = await send<{ items: object[] }>(cast.people.owner.token, `GET /v1/projects/${project.id}/audit_logs?first=2`)
    expect(logs.body.items).toMatchObject([{ action: 'UPDATE' }, { action: 'UPDATE' }])
    expect((await patch(by(project), made.id, { fleetID: '' })).status).toBe(204)
    expect((await get(as(made), made.id)).body.fleetID).toBeNull()
  })

  test('lets every writer change the name, and only the agent what it reports', async () => {
    const project = await stage()
    const made = await register(project)
    const { member, viewer } = cast.people
    expect((await patch(member.token, made.id, { name: 'renamed', version: null, flags: null })).status).toBe(204)
    expect(refusal(await patch(viewer.token, made.id, { name: 'x' }))).toEqual([403, 'permission denied'])
    for (const who of [member.token, by(project)]) {
      for (const [field, value, error] of [
        ['version', '2.0.0', 'update agent version forbidden'],
        ['edition', 'enterprise', 'update agent edition forbidden'],
        ['flags', [], 'update agent flags forbidden'],
        ['rawConfig', 'x', 'update agent raw config forbidden'],
        ['metadata', {}, 'update agent metadata forbidden'],
        ['machineID', 'other', 'permission denied'],
      ] as const)
        expect(refusal(await patch(who, made.id, { name: 'lost', [field]: value }))).toEqual([403, error])
    }
    const before = (await get(by(project), made.id)).body
    expect(before).toMatchObject({ name: 'renamed', version: 'v1.8.6' })
    const all = agent('machine-2', { version: '2.2.0', edition: 'enterprise', flags: [], rawConfig: 'new', metadata: { a: 1 } })
    expect((await patch(as(made), made.id, all)).status).toBe(204)
    const after = (await get(as(made), made.id)).body
    expect(after).toMatchObject({
      name: all.name,
      machineID: 'machine-2',
      version: '2.2.0',
      rawConfig: 'new',
      metadata: { a: 1 },
    })
    const logs = await send<{ items: object[] }>(cast.people.owner.token, `GET /v1/projects/${project.id}/audit_logs?first=1`)
    expect(logs.body.items).toMatchObject([
      { action: 'UPDATE', identity: { id: made.id, name: 'agent renamed' }, components: { agent: made.id }, responseCode: 204 },
    ])
    expect(after.updatedAt > before.updatedAt && after.createdAt === before.createdAt).toBe(true)
    expect(refusal(await patch(as(made), made.id, { flags: ['\0'] }))).toEqual([422, 'invalid agent flag'])
  })

  test('cannot take the machine of another agent', async () => {
    const project = await stage()
    const [one] = [await register(project, 'one'), await register(project, 'two')]
    expect(refusal(await patch(as(one), one.id, { machineID: 'two', name: 'lost' }))).toEqual([409, 'machine ID conflict'])
    expect((await get(as(one), one.id)).body).toMatchObject({ machineID: 'one', name: 'web-1.example' })
  })
})

describe('an agent’s token', () => {
  test('opens the agent itself and nothing else', async () => {
    const project = await stage()
    const [one, two] = [await register(project, 'one'), await register(project, 'two')]
    expect((await get(as(one), one.id)).body.token).toBe(one.token)
    expect(refusal(await get(as(one), two.id))).toEqual([404, 'agent not found'])
    expect(refusal(await patch(as(one), two.id, { name: 'x' }))).toEqual([404, 'agent not found'])
    for (const request of [
      `DELETE /v1/agents/${one.id}`,
      `GET /v1/projects/${project.id}`,
      `GET /v1/projects/${project.id}/agents`,
      `DELETE /v1/projects/${project.id}/agents?agent_id=${one.id}`,
      'POST /v1/agents',
      'GET /v1/projects',
    ])
      expect([request, ...refusal(await send(as(one), request))]).toEqual([request, 403, 'permission denied'])
    expect(refusal(await send({ 'x-project-token': one.token }, `GET /v1/agents/${one.id}`))).toEqual([401, 'invalid token'])
    expect((await send(one.token, `GET /v1/agents/${one.id}`)).status).toBe(401)
    expect((await send({ 'x-aggregator-token': one.token }, `GET /v1/agents/${one.id}`)).body.error).toBe(
      'invalid aggregator token',
    )
    expect((await send(as(one), `GET /orgs/acme/projects/${project.slug}`)).status).toBe(401)
    const forged = `${one.token.slice(0, -2)}${one.token.endsWith('AA') ? 'BB' : 'AA'}`
    expect(refusal(await get({ 'x-agent-token': forged }, one.id))).toEqual([401, 'invalid agent token'])
  })

  test('works beside other credentials, each for what it allows', async () => {
    const project = await stage()
    const [one, two] = [await register(project, 'one'), await register(project, 'two')]
    const both = { 'x-agent-token': one.token, 'x-project-token': project.tokens.member }
    expect((await patch(both, one.id, { version: '9.0.0' })).status).toBe(204)
    expect(refusal(await patch(both, two.id, { version: '9.0.0' }))).toEqual([403, 'update agent version forbidden'])
    expect((await send(both, `DELETE /v1/agents/${one.id}`)).status).toBe(204)
    expect(refusal(await get(as(one), one.id))).toEqual([401, 'invalid agent token'])
  })

  test('is shown in full only to callers who can write data', async () => {
    const project = await stage()
    const made = await register(project)
    const masked = `…${made.token.slice(-6)}`
    for (const [who, token] of [
      [cast.people.viewer.token, masked],
      [{ 'x-project-token': project.tokens.readOnly }, masked],
      [cast.people.member.token, made.token],
    ] as const) {
      expect((await get(who, made.id)).body.token).toBe(token)
      expect((await list(who, project)).body[0]!.token).toBe(token)
    }
  })
})

describe('POST /v1/agents/{agentID}/metrics', () => {
  const metrics = (who: Who, id: string, raw = 'any bytes at all') =>
    send(who, `POST /v1/agents/${id}/metrics`, { raw, headers: { 'content-type': 'application/x-msgpack' } })

  test('from the agent itself mark it healthy while they are recent', async () => {
    const project = await stage()
    const made = await register(project)
    expect(await metrics(as(made), made.id)).toMatchObject({ status: 201, body: { totalInserted: 0 } })
    const first = (await get(by(project), made.id)).body
    expect(first).toMatchObject({ status: 'healthy', updatedAt: made.createdAt })
    expect(first.firstMetricsAddedAt).toBe(first.lastMetricsAddedAt)
    expect((await metrics(as(made), made.id)).status).toBe(201)
    const second = (await get(by(project), made.id)).body
    expect(second.firstMetricsAddedAt).toBe(first.firstMetricsAddedAt)
    expect(second.lastMetricsAddedAt! > first.lastMetricsAddedAt!).toBe(true)
    const minuteAgo = new Date(Date.now() - 66_000).toISOString()
    await lane.db.updateTable('agents').set({ last_metrics_added_at: minuteAgo }).where('id', '=', made.id).execute()
    expect((await get(by(project), made.id)).body.status).toBe('unhealthy')
  })

  test('are counted, under the URL of the token too', async () => {
    const project = await stage()
    const made = await register(project)
    const map = (...pairs: Buffer[]) => Buffer.concat([Buffer.from([0x80 + pairs.length / 2]), ...pairs])
    const list = (...items: Buffer[]) => Buffer.concat([Buffer.from([0xdc, 0, items.length]), ...items])
    const text = (value: string) => Buffer.concat([Buffer.from([0xa0 + value.length]), Buffer.from(value)])
    const value = map(
      text('ts'),
      Buffer.from([0xcf, 0, 0, 0, 0, 0, 0, 0, 1]),
      text('value'),
      Buffer.from([0xcb, 0, 0, 0, 0, 0, 0, 0, 0]),
    )
    const metric = (n: number) =>
      map(text('meta'), map(text('values'), list(value)), text('values'), list(...Array.from({ length: n }, () => value)))
    const message = map(text('meta'), map(), text('metrics'), list(metric(2), metric(0), metric(3)))
    const headers = { 'content-type': 'application/x-msgpack' }
    for (const request of [`POST /v1/agents/${made.id}/metrics`, 'POST /v1/agent_metrics']) {
      const count = async (raw: Buffer) =>
        (await send<{ totalInserted: number }>(as(made), request, { raw: new Uint8Array(raw), headers })).body
      expect(await count(message)).toEqual({ totalInserted: 5 })
      expect(await count(Buffer.concat([message, message]))).toEqual({ totalInserted: 10 })
      for (let end = 1; end < message.length; end++) expect((await count(message.subarray(0, end))).totalInserted).toBeLessThan(6)
      expect(await count(Buffer.alloc(4 * 1024 * 1024, 0xdd))).toEqual({ totalInserted: 0 })
    }
    expect((await get(by(project), made.id)).body.status).toBe('healthy')
    for (const who of [by(project), cast.people.owner.token])
      expect((await send(who, 'POST /v1/agent_metrics', { raw: 'x', headers })).status).toBeGreaterThanOrEqual(403)
    expect(refusal(await send(as(made), 'POST /v1/agent_metrics', { headers }))).toEqual([422, 'invalid metrics'])
  })

  test('are refused from other callers, when empty, and above 4 MB', async () => {
    const project = await stage()
    const made = await register(project)
    for (const who of [by(project), cast.people.owner.token])
      expect(refusal(await metrics(who, made.id))).toEqual([403, 'permission denied'])
    expect(refusal(await metrics(as(made), made.id, ''))).toEqual([422, 'invalid metrics'])
    expect((await metrics(as(made), made.id, 'x'.repeat(4 * 1024 * 1024 + 1))).status).toBe(413)
    expect((await get(by(project), made.id)).body).toMatchObject({ status: 'unhealthy', firstMetricsAddedAt: null })
  })
})

describe('/v1/agents/{agentID}/errors', () => {
  const report = (who: Who, id: string, error: unknown) =>
    send<{ id: string; createdAt: string; error?: string }>(who, `POST /v1/agents/${id}/errors`, { json: { error } })
  type Reported = { id: string; error: string; createdAt: string }
  const errors = (who: Who, id: string, query = '') => send<Reported[]>(who, `GET /v1/agents/${id}/errors?${query}`)

  test('keeps what an agent reports, newest first, and once until the agent changes', async () => {
    const project = await stage()
    const made = await register(project)
    const one = await report(as(made), made.id, 'no such plugin')
    expect(one).toMatchObject({ status: 201, body: { id: expect.any(String), createdAt: expect.stringMatching(/\.\d{6}Z$/) } })
    expect((await report(by(project), made.id, 'no such plugin')).body).toEqual(one.body)
    const two = await report(as(made), made.id, 'out of memory')
    expect((await errors(cast.people.viewer.token, made.id)).body).toEqual([
      { ...two.body, agentID: made.id, error: 'out of memory', dismissedAt: null, dismissReason: null },
      { ...one.body, agentID: made.id, error: 'no such plugin', dismissedAt: null, dismissReason: null },
    ])
    const page = await errors(as(made), made.id, 'last=1')
    expect(page.body.map(({ error }) => error)).toEqual(['out of memory'])
    const next = /^<([^>]+)>; rel="next"$/.exec(page.headers.get('link')!)![1]!
    expect((await send<Reported[]>(as(made), `GET ${next}`)).body.map(({ error }) => error)).toEqual(['no such plugin'])
    expect((await errors(as(made), made.id, 'dismissed=true')).body).toEqual([])
    expect((await errors(as(made), made.id, 'dismissed=false&last=0')).body).toHaveLength(2)
    expect((await patch(by(project), made.id, { name: 'mended' })).status).toBe(204)
    expect((await report(as(made), made.id, 'no such plugin')).body.id).not.toBe(one.body.id)
    for (let i = 0; i < 100; i++) await report(as(made), made.id, `error ${i}`)
    const all = (await errors(as(made), made.id)).body
    expect([all.length, all[0]!.error, all[99]!.error]).toEqual([100, 'error 99', 'error 0'])
  })

  test('refuses what is no error, and other callers', async () => {
    const project = await stage()
    const [made, other] = [await register(project, 'one'), await register(project, 'two')]
    for (const wrong of ['', 'x'.repeat(1025), 7, null, 'a\0'])
      expect(refusal(await report(as(made), made.id, wrong))).toEqual([422, 'invalid agent error'])
    expect(refusal(await report(cast.people.viewer.token, made.id, 'x'))).toEqual([403, 'permission denied'])
    expect(refusal(await report(as(other), made.id, 'x'))).toEqual([404, 'agent not found'])
    expect(refusal(await report(cast.stranger.token, made.id, 'x'))).toEqual([404, 'agent not found'])
    expect((await errors(cast.stranger.token, made.id)).status).toBe(404)
    for (const query of ['last=-1', 'before=x', 'dismissed=maybe'])
      expect((await errors(as(made), made.id, query)).status).toBe(422)
    expect((await errors(as(made), made.id)).body).toEqual([])
  })
})

describe('DELETE', () => {
  test('removes one', async () => {
    const project = await stage()
    const made = await register(project)
    const one = `DELETE /v1/agents/${made.id}`
    expect(refusal(await send(cast.people.viewer.token, one))).toEqual([403, 'permission denied'])
    expect((await send(cast.people.member.token, one)).status).toBe(204)
    for (const request of [one, `GET /v1/agents/${made.id}`])
      expect(refusal(await send(by(project), request))).toEqual([404, 'agent not found'])
    expect(refusal(await send(by(project), 'GET /v1/agents/x'))).toEqual([422, 'invalid agent ID'])
  })

  test('removes many at once: skips unknown ids, and a malformed one cancels all', async () => {
    const project = await stage()
    const other = await stage()
    const foreign = await register(other)
    const ids: string[] = []
    for (let i = 0; i < 60; i++) ids.push((await register(project, `m${i}`)).id)
    const bulk = (...some: string[]) =>
      send(by(project), `DELETE /v1/projects/${project.id}/agents?${some.map((id) => `agent_id=${id}`).join('&')}`)
    expect(refusal(await bulk(...ids, 'x'))).toEqual([422, 'invalid agent ID'])
    expect((await bulk()).status).toBe(204)
    expect((await list(by(project), project)).body).toHaveLength(60)
    expect((await bulk(...ids.slice(0, 59), foreign.id, project.id)).status).toBe(204)
    expect((await list(by(project), project)).body.map(({ id }) => id)).toEqual([ids[59]])
    expect((await get(by(other), foreign.id)).status).toBe(200)
    const { body } = await send<{ agentsCount: number }>(by(project), `GET /v1/projects/${project.id}`)
    expect(body.agentsCount).toBe(1)
  })
})

test('hides agents of another project', async () => {
  const [project, other] = [await stage(), await stage()]
  const made = await register(project)
  const { stranger } = cast
  for (const who of [by(other), stranger.token]) {
    expect(refusal(await get(who, made.id))).toEqual([404, 'agent not found'])
    expect(refusal(await patch(who, made.id, { name: 'x' }))).toEqual([404, 'agent not found'])
    expect(refusal(await send(who, `DELETE /v1/agents/${made.id}`))).toEqual([404, 'agent not found'])
    expect(refusal(await send(who, `GET /v1/projects/${project.id}/agents`))).toEqual([404, 'project not found'])
  }
  const again = await register(other)
  expect(again.id).not.toBe(made.id)
})

test('ends the agent and its token on a nuke, and restores both on undo', async () => {
  const project = await stage()
  const made = await register(project)
  const before = (await get(as(made), made.id)).body
  const url = `/acme/${project.slug}/nuke`
  const nuked = await send<{ wipeId: string }>(project.tokens.admin, `DELETE ${url}`)
  expect(nuked.status).toBe(200)
  const counted = async () =>
    (await send<{ agentsCount: number }>(by(project), `GET /v1/projects/${project.id}`)).body.agentsCount
  expect(await counted()).toBe(0)
  expect(refusal(await get(by(project), made.id))).toEqual([404, 'agent not found'])
  expect(refusal(await get(as(made), made.id))).toEqual([401, 'invalid agent token'])
  const metrics = await send(as(made), `POST /v1/agents/${made.id}/metrics`, { raw: 'x' })
  expect(refusal(metrics)).toEqual([401, 'invalid agent token'])
  const undone = await send(project.tokens.admin, `POST /orgs/acme/projects/${project.slug}/wipes/${nuked.body.wipeId}/restore`)
  expect(undone.status).toBe(200)
  expect(await counted()).toBe(1)
  expect((await get(as(made), made.id)).body).toEqual(before)
})

test('limits a caller scoped to an environment or to cells', async () => {
  const project = await stage()
  const environmentID = await staging(project)
  const [here, there] = [await register(project, 'here'), await register(project, 'there', { environmentID })]
  const { envAdmin, cellAdmin } = cast.people
  expect((await list(envAdmin.token, project)).body.map(({ id }) => id)).toEqual([there.id])
  expect((await list(cellAdmin.token, project)).body).toEqual([])
  expect((await get(envAdmin.token, there.id)).status).toBe(200)
  for (const { token } of [envAdmin, cellAdmin]) {
    expect(refusal(await get(token, here.id))).toEqual([404, 'agent not found'])
    expect(refusal(await patch(token, here.id, { name: 'x' }))).toEqual([403, 'permission denied'])
    expect(refusal(await send(token, `DELETE /v1/agents/${here.id}`))).toEqual([403, 'permission denied'])
    const both = `DELETE /v1/projects/${project.id}/agents?agent_id=${there.id}&agent_id=${here.id}`
    expect(refusal(await send(token, both))).toEqual([403, 'permission denied'])
  }
  expect((await list(by(project), project)).body).toHaveLength(2)
})

test('finds for each caller the agent they can reach when two share an id, as after an import', async () => {
  const project = await stage()
  const made = await register(project)
  const { text } = await send(project.tokens.admin, `GET /acme/${project.slug}/export`)
  const theirs = await cast.elsewhere.project(`agents-${n}`)
  const { stranger } = cast
  const imported = await send(stranger.token, `POST /other/${theirs.slug}/import`, {
    raw: text,
    headers: { 'content-type': 'application/x-ndjson' },
  })
  expect(imported.status, imported.text).toBe(200)
  expect((await patch(stranger.token, made.id, { name: 'theirs' })).status).toBe(204)
  expect((await get(stranger.token, made.id)).body.name).toBe('theirs')
  expect((await get(cast.people.member.token, made.id)).body.name).toBe(made.name)
  expect((await get(as(made), made.id)).body.name).toBe(made.name)
})
