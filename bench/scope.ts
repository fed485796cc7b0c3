import assert from 'node:assert/strict'
import type { Entity } from '#contract/data/entities'
import { listEntities } from '#domain/data/entities'
import type { ProjectContext } from '#domain/context'
import type { Page } from '#domain/paging'
import { type BenchDatabase, timed, withBenchDatabase } from '#test/support/measure/database'
import { cellsOf, crowd, type Group, groupNames } from './crowd.ts'
import { figure, median, percentile, publish, say, table } from '#test/support/measure/report'
import { newWorld } from './world.ts'

const ENTITIES = 1_000_000
const YOUNG = 20_000
const PAGE = 100
const DEEP = 10_000
/** A page takes a few milliseconds, so many rounds are cheap; some filters scan everything. */
const ROUNDS = 200
const FILTER_ROUNDS = 15
const WARM_UP = 8

type Caller = 'nobody narrowed' | Group
const callers: Caller[] = ['nobody narrowed', ...groupNames]
type Filter = { cell?: string; entityType?: string; q?: string }
type Question = { what: string; filter: Filter; deep: boolean }

const narrowed = (context: ProjectContext, caller: Caller): ProjectContext =>
  caller === 'nobody narrowed' ? context : { ...context, grant: { ...context.grant, cellScopes: cellsOf(caller) } }

/** Filters that the console offers; the cell is one that the caller sees in part. */
const questions: Question[] = [
  { what: 'first page', filter: {}, deep: false },
  { what: `page ${DEEP.toLocaleString('en-US')} or the last`, filter: {}, deep: true },
  { what: 'entityType=', filter: { entityType: 'site' }, deep: false },
  { what: 'cell=', filter: { cell: 'large-1' }, deep: false },
  { what: 'q= (one in a hundred)', filter: { q: '77' }, deep: false },
  { what: 'q= (nothing)', filter: { q: 'nothing' }, deep: false },
]

const shuffled = <T>(all: T[]): T[] =>
  all
    .map((one) => ({ one, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one)

type Times = Map<Caller, Map<string, number[]>>

/** The cursor before the last full page that this caller can reach, at most page `DEEP`. */
async function deepCursor({ client }: BenchDatabase, { project }: ProjectContext, caller: Caller): Promise<string> {
  const ids =
    caller === 'nobody narrowed'
      ? `select id from entities where project_id = $1 and generation = $2`
      : `select distinct entity_id as id from effective_cell_members where project_id = $1 and generation = $2
          and cell in (${cellsOf(caller)
            .map((cell) => `'${cell}'`)
            .join()})`
  const { rows } = await client.query<{ id: string }>(
    `select id from (${ids}) i order by id offset (select greatest(least(count(*), ${DEEP * PAGE}) - ${PAGE + 1}, 0) from (${ids}) i) limit 1`,
    [project.id, project.generation],
  )
  return Buffer.from(JSON.stringify([rows[0]!.id])).toString('base64url')
}

async function measure(at: BenchDatabase, context: ProjectContext): Promise<Times> {
  const times: Times = new Map(callers.map((caller) => [caller, new Map(questions.map(({ what }) => [what, []]))]))
  const cursors = new Map<Caller, string>()
  for (const caller of callers) cursors.set(caller, await deepCursor(at, context, caller))
  const pages = questions.filter(({ filter }) => Object.keys(filter).length === 0)
  const filtered = questions.filter((question) => !pages.includes(question))
  for (let round = -WARM_UP; round < ROUNDS + FILTER_ROUNDS; round++) {
    // Shuffled, so that what a heavy question leaves behind affects all alike.
    for (const { what, filter, deep } of shuffled(round < 0 ? questions : round < ROUNDS ? pages : filtered)) {
      for (const caller of shuffled(callers)) {
        const query = { ...filter, limit: PAGE, cursor: deep ? cursors.get(caller)! : undefined }
        let page: Page<Entity> | undefined
        const took = await timed(async () => (page = await listEntities(narrowed(context, caller), 'default', query)))
        if (Object.keys(filter).length === 0) assert.ok(page!.items.length > 0)
        if (round >= 0) times.get(caller)!.get(what)!.push(took)
      }
    }
  }
  return times
}

const rows = (times: Times) =>
  callers.map((caller) => [
    caller,
    ...questions.map(({ what }) => {
      const all = times.get(caller)!.get(what)!
      return `${figure(median(all))} (${figure(percentile(all, 95))})`
    }),
  ])

/**
 * Compares a page of entities for a caller limited to three cells with one for an unlimited caller, in a project of a million.
 */
export async function benchScope(): Promise<void> {
  await withBenchDatabase(async (at) => {
    const world = await newWorld(at.db)
    const project = async (slug: string, entities: number) => {
      await world.addProject(slug)
      const context = await world.inProject(slug)
      const took = await timed(() => crowd(at.client, context.project, entities))
      say(`Loaded ${entities.toLocaleString('en-US')} entities in ${figure(took / 1000)} s`)
      return context
    }
    // PostgreSQL plans statements while the tables are nearly empty, and makes no new plan until a table is analyzed.
    const never = ['entities', 'effective_cell_members', 'cells', 'cell_parents', 'relationships'] as const
    for (const name of never) await at.client.query(`alter table ${name} set (autovacuum_enabled = off)`)
    await measure(at, await project('first', 30))
    const young = await measure(at, await project('young', YOUNG))
    say(table(['caller', ...questions.map(({ what }) => what)], rows(young)))
    const context = await project('old', ENTITIES)
    for (const name of never) await at.client.query(`alter table ${name} reset (autovacuum_enabled)`)
    await at.client.query('vacuum analyze')
    const old = await measure(at, context)
    say(table(['caller', ...questions.map(({ what }) => what)], rows(old)))
    report(young, old)
  })
}

function report(young: Times, old: Times): void {
  const of = (caller: Caller, what: string) => median(old.get(caller)!.get(what)!)
  const [first, deep] = questions.map(({ what }) => what) as [string, string]
  const worst = groupNames.map((group) => of(group, first) / of('nobody narrowed', first)).toSorted((a, b) => b - a)[0]!
  const everything = 'three cells that hold everything'
  const ratios = [
    { what: 'first page: narrowed to three cells (the slowest of the five) / not narrowed', value: worst },
    { what: `page ${DEEP} / first page, not narrowed`, value: of('nobody narrowed', deep) / of('nobody narrowed', first) },
    { what: `page ${DEEP} / first page, narrowed`, value: of(everything, deep) / of(everything, first) },
  ]
  const header = ['caller', ...questions.map(({ what }) => what)]
  publish({
    name: 'scope',
    title: 'Reading a page of entities within cells',
    how: `Pages of ${PAGE} through the verb, one call at a time, questions and callers in a new random order each round; milliseconds: median (p95) of ${ROUNDS} rounds, with filters of ${FILTER_ROUNDS}, in one run. The filter by cell names one of the three large cells, so some callers see all of it, some a part, and those of the ten-each cells nothing. In the never analyzed tables every statement was first planned while they held thirty entities.`,
    table: `${ENTITIES.toLocaleString('en-US')} entities:\n\n${table(header, rows(old))}\n\n${YOUNG.toLocaleString('en-US')} entities in tables that were never analyzed:\n\n${table(header, rows(young))}`,
    ratios: ratios.map((ratio) => ({ ...ratio, reach: '≤ 1.5 ×', holds: ratio.value <= 1.5 })),
    raw: { milliseconds: { old: plain(old), young: plain(young) } },
  })
}

const plain = (times: Times) => Object.fromEntries([...times].map(([caller, all]) => [caller, Object.fromEntries(all)]))
