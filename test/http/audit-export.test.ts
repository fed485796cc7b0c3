import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Activity, ActivityDay, AuditEvent } from '#contract/audit/events'
import { listActivity } from '#domain/audit/events'
import { sealAudit } from '#domain/audit/sealing'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import type { Who } from '../support/http/client.ts'
import { done } from '../support/http/done.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { rowsOf } from '../support/http/pages.ts'

let lane: Lane
let cast: Cast
let stage: Stage
let owner: Who
let all: AuditEvent[]

/** Names that a spreadsheet would execute, or that CSV has to quote. */
const awkward = ['=1+1', '+1', '-1', '@SUM(A1)', 'a,b', 'say "no"']

beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  stage = await cast.project('alpha')
  owner = cast.people.orgOwner.token
  const { admin, member } = cast.people
  const type = (name: string) => ({ name, states: ['up', 'down'], initialState: 'up' })
  for (const name of awkward) await made(admin.token, 'POST /acme/alpha/entity-types', type(name))
  await made(stage.tokens.owner, 'POST /acme/alpha/entity-types', type('server'))
  for (const name of ['web-1', 'Web-2', 'web-3']) {
    await made(member.token, 'POST /acme/alpha/envs/default/entities', { entityType: 'server', name })
    await made(stage.tokens.member, `PUT /acme/alpha/envs/default/entities/${name}`, { state: 'down' })
  }
  await sealAudit(lane.db)
  await made(admin.token, 'DELETE /acme/alpha/entity-types/%3D1%2B1')
  // A newer project with events of the same names.
  const beta = await cast.project('beta')
  await made(beta.tokens.owner, 'POST /acme/beta/entity-types', type('server'))
  all = await pages('')
})
afterAll(() => lane.stop())

const made = (as: Who, request: string, json?: unknown) => done(lane.send, as, request, json)

/** All events of a list, page by page, as the screen shows them. */
const pages = (query: string) => rowsOf<AuditEvent>(lane.send, owner, `/acme/alpha/audit-events?limit=7&${query}`)

const exported = (query: string) => lane.send(owner, `GET /acme/alpha/audit-events/export?${query}`)

/** Cells by column (RFC 4180). */
function parsed(csv: string): Record<string, string>[] {
  const lines: string[][] = [[]]
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    lines.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '\r\n') lines.push([])
  }
  const [header, ...rows] = lines.filter((line) => line.length > 1) as [string[], ...string[][]]
  return rows.map((row) => Object.fromEntries(row.map((cell, i) => [header[i], cell])))
}

type Filter = Record<string, string | undefined>
/** For each filter: no value, a common value, a rare value, and one that nothing matches. */
function filters(): Filter[] {
  const late = all[Math.floor(all.length / 4)]!
  const early = all[Math.floor((all.length * 3) / 4)]!
  const web = all.find(({ target }) => target.name === 'Web-2')!
  const choices: Record<string, (string | undefined)[]> = {
    action: [undefined, 'entity.updated', 'entity-type.created', 'no.such'],
    actor: [undefined, cast.people.admin.id, cast.people.member.id, cast.people.newcomer.id],
    target: [undefined, 'WEB-2', web.target.id, '=1+1'],
    from: [undefined, early.createdAt],
    to: [undefined, late.createdAt],
    requestId: [undefined, web.requestId!],
  }
  let combined: Filter[] = [{}]
  for (const [name, values] of Object.entries(choices))
    combined = combined.flatMap((filter) => values.map((value) => ({ ...filter, [name]: value })))
  return combined
}

const fits = ({ action, actor, target, from, to, requestId }: Filter, event: AuditEvent) =>
  (action === undefined || event.action === action) &&
  (actor === undefined || event.actor.id === actor) &&
  (target === undefined || event.target.id === target || event.target.name?.toLowerCase() === target.toLowerCase()) &&
  (from === undefined || event.createdAt >= from) &&
  (to === undefined || event.createdAt < to) &&
  (requestId === undefined || event.requestId === requestId)

test('exports exactly what the pages of the list show, for every filter, in both formats', { timeout: 60_000 }, async () => {
  const combined = filters()
  expect(combined.length).toBe(512)
  let matching = 0
  for (const filter of combined) {
    const query = new URLSearchParams(
      Object.entries(filter).filter(([, value]) => value !== undefined) as [string, string][],
    ).toString()
    const shown = await pages(query)
    expect([query, shown.map(({ id }) => id)]).toEqual([query, all.filter((event) => fits(filter, event)).map(({ id }) => id)])
    const ndjson = await exported(query)
    const csv = await exported(`format=csv&${query}`)
    expect(
      ndjson.text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as AuditEvent),
    ).toEqual(shown)
    expect(parsed(csv.text).map(({ id }) => id)).toEqual(shown.map(({ id }) => id))
    if (shown.length > 0) matching++
  }
  expect(matching).toBeGreaterThan(40)
})

test('writes CSV cells that match the event, and that no spreadsheet executes', async () => {
  const csv = await exported('format=csv')
  const rows = parsed(csv.text)
  expect(rows).toHaveLength(all.length)
  for (const [i, row] of rows.entries()) {
    const event = all[i]!
    expect(row).toMatchObject({
      id: event.id,
      time: event.createdAt,
      action: event.action,
      requestId: event.requestId ?? '',
      address: event.address ?? '',
      seq: String(event.seq ?? ''),
      hash: event.hash ?? '',
    })
    const target = event.target.id
    expect(row['targetId']).toBe(/^[=+\-@]/.test(target) ? `'${target}` : target)
    for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
  }
  expect(rows.filter(({ targetId }) => targetId!.startsWith("'")).length).toBeGreaterThanOrEqual(5)
  expect(rows.filter(({ seq }) => seq === '').length).toBeGreaterThanOrEqual(1)
  expect(rows.filter(({ hash }) => /^[0-9a-f]{64}$/.test(hash!)).length).toBeGreaterThan(10)
})

test('shows how far the log is sealed to readers of the log', async () => {
  const chain = await lane.send<{ end: { seq: number; hash: string }; unsealed: number }>(
    owner,
    'GET /acme/alpha/audit-events/chain',
  )
  const last = all.find(({ seq }) => seq !== null)!
  expect(chain.body).toMatchObject({
    end: { seq: last.seq, hash: last.hash },
    unsealed: all.filter(({ seq }) => seq === null).length,
  })
  expect(await lane.send(cast.people.viewer.token, 'GET /acme/alpha/audit-events/chain')).toMatchObject({ status: 403 })
  expect(await lane.send(cast.stranger.token, 'GET /acme/alpha/audit-events/chain')).toMatchObject({ status: 404 })
})

describe('the activity of a project', () => {
  const counts = (days: ActivityDay[]) => days.map(({ people, tokens, system, more }) => [people, tokens, system, more])
  const activity = (query = '') => made(owner, `GET /acme/alpha/audit-events/activity${query}`) as Promise<Activity>

  test('counts the changes of each day by people, tokens and the server, days without any included', async () => {
    const { days } = await activity()
    expect(days).toHaveLength(30)
    const today = days.at(-1)!
    const of = (kind: string) =>
      all.filter(({ actor, createdAt }) => actor.kind === kind && createdAt.startsWith(today.date)).length
    expect(today).toMatchObject({ people: of('user'), tokens: of('project_token'), system: of('system'), more: false })
    expect(days.slice(0, 28).every(({ people, tokens, system }) => people + tokens + system === 0)).toBe(true)
    const dates = days.map(({ date }) => date)
    expect(dates).toEqual(dates.toSorted())
    expect(new Set(dates).size).toBe(30)
    expect((await activity('?days=1')).days).toEqual([today])
  })

  test('begins and ends each day at midnight in UTC, and counts no more than the first thousand changes of a day', async () => {
    const gamma = await cast.project('gamma')
    const context = await cast.world.inside(gamma)
    const add = (createdAt: string, kind: string, n = 1) =>
      sql`insert into audit_events (id, org_id, project_id, actor_kind, actor_name, action, target_kind, target_id, created_at)
        select gen_random_uuid(), ${cast.world.org.id}, ${gamma.id}, ${kind}::actor_kind, 'x', 'entity.created', 'entity', 'x', ${createdAt}::timestamptz
        from generate_series(1, ${n}::int)`.execute(lane.db)
    await add('2026-01-30T23:59:59.999999Z', 'user')
    await add('2026-01-31T00:00:00Z', 'project_token')
    await add('2026-01-31T23:59:59.999999Z', 'system', 2)
    await add('2026-02-01T00:00:00Z', 'system', 600)
    await add('2026-02-01T01:00:00Z', 'user', 401)
    await add('2026-02-02T00:00:00Z', 'user', 1000)
    const { days } = await listActivity(context, { days: 4 }, Date.parse('2026-02-02T12:00:00Z'))
    expect(days.map(({ date }) => date)).toEqual(['2026-01-30', '2026-01-31', '2026-02-01', '2026-02-02'])
    expect(counts(days)).toEqual([
      [1, 0, 0, false],
      [0, 1, 2, false],
      [400, 0, 600, true],
      [1000, 0, 0, false],
    ])
  })

  test('is for readers of the log', async () => {
    const path = 'GET /acme/alpha/audit-events/activity'
    expect(await lane.send(cast.people.viewer.token, path)).toMatchObject({ status: 403 })
    expect(await lane.send(cast.stranger.token, path)).toMatchObject({ status: 404 })
    for (const days of ['0', '31', '-1', '1.5', 'x']) {
      expect(await lane.send(owner, `${path}?days=${days}`)).toMatchObject({ status: 400 })
    }
  })
})

test('opens in a spreadsheet with its accents: CSV starts with the mark of UTF-8, NDJSON does not', async () => {
  const beginningOf = async (format: string) => {
    const url = `${lane.origin}/acme/alpha/audit-events/export?format=${format}`
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${cast.people.orgOwner.token}`, 'accept-encoding': 'identity' },
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(answer.headers.get('content-length')).toBe(String(bytes.length))
    return bytes.subarray(0, 3).toString('hex')
  }
  expect(await beginningOf('csv')).toBe('efbbbf')
  expect(await beginningOf('ndjson')).toBe(Buffer.from('{"i').toString('hex'))
})
