import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RowCounts } from '#contract/nuke/nuke'
import { wipedTables } from '#db/queries/project-rows'
import { createWorld } from '#test/support/world/world'
import { type Lane, startLane } from '../support/http/lane.ts'

const SECONDS = Number(process.env['PROVE_LOAD'] ?? 3)

let lane: Lane
let project: { id: string }
let token: string
beforeAll(async () => {
  lane = await startLane()
  const world = await createWorld(lane.db)
  project = await world.project('alpha')
  token = (await world.token(project, { role: 'owner' })).text
})
afterAll(() => lane.stop())

/** Refusals that a writer may meet: a parent was nuked a moment ago, or a name is taken. */
const expected = new Set([
  'entity_type_not_found',
  'parent_cell_not_found',
  'cell_not_found',
  'entity_not_found',
  'cell_exists',
  'entity_exists',
  'relationship_type_not_found',
  'secret_not_found',
])
const inserted: RowCounts = Object.fromEntries(wipedTables.map((table) => [table, 0]))
const reported: RowCounts = { ...inserted }
const surprises: string[] = []
let written = 0
let wiped = 0
let started = 0

/** Sends a write, and adds its rows to the inserted count when it succeeds. */
async function write<Body>(request: string, json: unknown, adds: Partial<RowCounts>): Promise<Body | undefined> {
  const { status, body, text } = await lane.send<Body & { code?: string }>(token, request, { json })
  if (status > 299) {
    if (status > 499 || !expected.has(body?.code ?? '')) surprises.push(`${request}: ${status} ${text}`)
    return undefined
  }
  for (const [table, n] of Object.entries(adds)) inserted[table]! += n!
  written++
  return body
}

/** Ends after this time; on a busy machine later, when every table has been wiped with rows in it, and more than three generations. */
function isOver(): boolean {
  const seconds = (Date.now() - started) / 1000
  return seconds > SECONDS + 30 || (seconds > SECONDS && wiped > 3 && Object.values(reported).every((n) => n > 0))
}

/**
 * Writes one of everything: two nested cells, an entity in the lower one that is related to itself, one that is deleted again, …
 */
async function writer(name: string) {
  const at = '/acme/alpha'
  for (let i = 0; !isOver(); i++) {
    const type = `${name}-${i}`
    await write(`POST ${at}/entity-types`, { name: type, states: ['up'], initialState: 'up' }, { entity_types: 1 })
    await write(`POST ${at}/cells`, { name: `${type}-top`, entityType: type }, { cells: 1 })
    await write(`POST ${at}/cells`, { name: type, entityType: type, parentCells: [`${type}-top`] }, { cells: 1, cell_parents: 1 })
    const entities = `${at}/envs/default/entities`
    const member = await write<{ id: string }>(`POST ${entities}`, { entityType: type, name: 'member' }, { entities: 1 })
    const goner = await write<{ id: string }>(`POST ${entities}`, { entityType: type, name: 'goner' }, { entities: 1 })
    const membership = { cell_members: 1, effective_cell_members: 2 }
    if (member) await write(`PUT ${at}/envs/default/cells/${type}/members/${member.id}`, undefined, membership)
    if (goner) await write(`DELETE ${entities}/${goner.id}`, undefined, { entities: -1 })
    await write(`POST ${at}/relationship-types`, { name: type, from: type, to: type, states: ['up'] }, { relationship_types: 1 })
    const related = { relationshipType: type, from: 'member', to: 'member' }
    await write(`POST ${at}/envs/default/relationships`, related, { relationships: 1 })
    await write(`POST ${at}/envs/default/secrets`, { name: type }, { secrets: 1 })
    await write(`PUT ${at}/envs/default/secrets/${type}/value`, { value: 'x' }, { secret_values: 1 })
    const agent = { name: 'host', machineID: type, type: 'fluentbit', version: '3.0.0', edition: 'community' }
    await write('POST /v1/agents', agent, { agents: 1 })
    const core = { name: type, version: '1.0.0', addHealthCheckPipeline: false }
    await write('POST /v1/aggregators', core, { core_instances: 1 })
    const applied = { items: [{ kind: 'Secret', name: `${type}-applied` }] }
    await write(`POST ${at}/envs/default/apply`, applied, { secrets: 1, catalog_revisions: 1 })
  }
}

async function nuker(every: number) {
  while (!isOver()) {
    const { status, body, text } = await lane.send<{ rowCountsDeleted: RowCounts }>(token, 'DELETE /acme/alpha/nuke')
    if (status !== 200) surprises.push(`nuke: ${status} ${text}`)
    else {
      if (Object.values(body.rowCountsDeleted).some((n) => n > 0)) wiped++
      for (const [table, n] of Object.entries(body.rowCountsDeleted)) reported[table]! += n
    }
    // Nukes follow the writes, so that there is always something to wipe. Readers run meanwhile.
    for (const goal = written + every; written < goal && !isOver();) {
      const read = await lane.send(token, 'GET /acme/alpha/envs/default/entities?limit=10')
      if (read.status !== 200) surprises.push(`read: ${read.status} ${read.text}`)
    }
  }
}

test(`reports every row as wiped or keeps it, with 8 writers and 3 nukers for ${SECONDS} s`, { timeout: 90_000 }, async () => {
  started = Date.now()
  const writers = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(writer)
  await Promise.all([...writers, nuker(60), nuker(90), nuker(120)])
  expect(surprises).toEqual([])

  const { body: preview } = await lane.send<{ rowCounts: RowCounts }>(token, 'GET /acme/alpha/nuke/preview')
  const accounted = Object.fromEntries(wipedTables.map((table) => [table, reported[table]! + preview.rowCounts[table]!]))
  expect(accounted).toEqual(inserted)
  for (const n of Object.values(reported)) expect(n).toBeGreaterThan(0)
})

test('counts in each receipt the rows of its generation', async () => {
  const wipes = await lane.db
    .selectFrom('wipes')
    .select(['generation', 'row_counts'])
    .where('project_id', '=', project.id)
    .execute()
  expect(wipes.length).toBeGreaterThan(3)
  for (const table of wipedTables) {
    const { rows } = await sql<{
      generation: number
      n: number
    }>`select generation, count(*)::int as n from ${sql.table(table)} group by 1`.execute(lane.db)
    const real = new Map(rows.map(({ generation, n }) => [generation, n]))
    const receipts = wipes.map(({ generation, row_counts }) => [generation, (row_counts as RowCounts)[table]])
    expect(receipts, table).toEqual(wipes.map(({ generation }) => [generation, real.get(generation) ?? 0]))
  }
})
