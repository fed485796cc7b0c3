import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApplyLine } from '#contract/apply/apply'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import type { Who } from '../support/http/client.ts'
import { type Lane, startLane } from '../support/http/lane.ts'

let lane: Lane
let cast: Cast
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
})
afterAll(() => lane.stop())

const site = { kind: 'EntityType', name: 'site', states: ['planned', 'live'], initialState: 'planned' }
const sites = (count: number) => Array.from({ length: count }, (_, i) => ({ kind: 'Entity', entityType: 'site', name: `s${i}` }))
const lined = { accept: 'application/x-ndjson' }

const post = (who: Who, { slug }: Stage, json: unknown, headers = {}, query = '') =>
  lane.send<Record<string, unknown>>(who, `POST /acme/${slug}/envs/default/apply${query}`, { json, headers })

async function watched(who: Who, stage: Stage, json: unknown, headers = {}) {
  const answer = await post(who, stage, json, { ...lined, ...headers })
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson')
  expect(answer.status).toBe(200)
  return answer.text
    .trimEnd()
    .split('\n')
    .map((line) => ApplyLine.parse(JSON.parse(line)))
}
const phases = (lines: ApplyLine[]) =>
  lines.flatMap((line) => ('progress' in line ? [`${line.progress.phase} ${line.progress.done}/${line.progress.total}`] : []))

describe('an apply with progress', () => {
  test('reports progress, and ends with the usual answer', async () => {
    const stage = await cast.project('watched')
    const lines = await watched(stage.tokens.owner, stage, { items: [site, ...sites(2500), { kind: 'Nothing' }] })
    expect(phases(lines)).toEqual([
      'catalog 0/1',
      'catalog 1/1',
      'entities 1000/2500',
      'entities 2000/2500',
      'entities 2500/2500',
      'entities 2500/2500',
    ])
    expect(lines.at(-1)).toMatchObject({ status: 207, result: { failed: [{ index: 2501 }], dryRun: false } })
    const again = await post(stage.tokens.owner, stage, { items: sites(2500) })
    expect(again.body).toMatchObject({ failed: [], diff: { created: [], unchanged: { length: 2500 } } })
  })

  test('streams line by line, not all at the end', async () => {
    const stage = await cast.project('slowly')
    const response = await fetch(`${lane.origin}/acme/${stage.slug}/envs/default/apply`, {
      method: 'POST',
      headers: { ...lined, 'content-type': 'application/json', authorization: `Bearer ${stage.tokens.owner}` },
      body: JSON.stringify({ items: [site, ...sites(6000)] }),
    })
    const chunks: string[] = []
    const decoder = new TextDecoder()
    for await (const chunk of response.body!) chunks.push(decoder.decode(chunk, { stream: true }))
    expect(chunks.length).toBeGreaterThan(2)
    expect(chunks[0]).not.toContain('"result"')
  })

  test('ends with the refusal and its status, and has written nothing', async () => {
    const stage = await cast.project('refused')
    await post(stage.tokens.owner, stage, { items: [site, { kind: 'Entity', entityType: 'site', name: 'a', state: 'live' }] })
    const lines = await watched(stage.tokens.owner, stage, { items: [{ ...site, states: ['planned'] }] })
    expect(lines.at(-1)).toMatchObject({
      status: 409,
      error: { code: 'destructive_change', details: [{ path: 'items.0.states' }] },
    })
    const { body } = await lane.send(stage.tokens.owner, `GET /acme/${stage.slug}/entity-types/site`)
    expect(body).toMatchObject({ states: ['planned', 'live'] })
  })

  test('answers a mistake found before it starts with a plain status', async () => {
    const stage = await cast.project('early')
    expect(await post(stage.tokens.viewer, stage, { items: [site] }, lined)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
    expect(await post(stage.tokens.owner, stage, { things: [] }, lined)).toMatchObject({ status: 400 })
    expect(await post(null, stage, { items: [] }, lined)).toMatchObject({ status: 401 })
    const elsewhere = { ...stage, slug: 'no-such-project' }
    expect(await post(stage.tokens.owner, elsewhere, { items: [] }, lined)).toMatchObject({ status: 404 })
  })

  test('runs once and answers twice with an Idempotency-Key', async () => {
    const stage = await cast.project('once')
    const key = { 'idempotency-key': 'k1' }
    const first = await watched(stage.tokens.owner, stage, { items: [site] }, key)
    const second = await watched(stage.tokens.owner, stage, { items: [site] }, key)
    expect(second).toEqual([first.at(-1)])
    expect(second[0]).toMatchObject({ result: { diff: { created: [{ name: 'site' }] } } })
  })
})

describe('dryRun and force in the query', () => {
  test('override the body, so that a document can be tried unchanged', async () => {
    const stage = await cast.project('query')
    const yaml = 'kind: EntityType\nname: site\nstates: [planned]\ninitialState: planned\n---\nkind: Secret\nname: key\n'
    const sent = { raw: yaml, headers: { 'content-type': 'application/yaml' } }
    const at = `POST /acme/${stage.slug}/envs/default/apply`
    const tried = await lane.send(stage.tokens.owner, `${at}?dryRun=true`, sent)
    expect(tried.body).toMatchObject({ dryRun: true, diff: { created: [{ name: 'site' }, { name: 'key' }] } })
    expect((await lane.send(stage.tokens.owner, at, sent)).body).toMatchObject({ diff: { created: { length: 2 } } })
    await post(stage.tokens.owner, stage, {
      items: [{ ...site }, { kind: 'Entity', entityType: 'site', name: 'a', state: 'live' }],
    })
    const less = { items: [{ ...site, states: ['planned'] }], force: false }
    expect((await post(stage.tokens.owner, stage, less)).status).toBe(409)
    expect((await post(stage.tokens.owner, stage, less, {}, '?force=true')).status).toBe(200)
    expect((await post(stage.tokens.owner, stage, less, {}, '?force=yes')).status).toBe(400)
  })
})
