import { randomInt } from 'node:crypto'
import type { EntityType } from '#contract/catalog/entity-types'
import type { Placement } from '#contract/data/placement'
import { countMembers } from '#db/queries/data/cell-usage'
import { findCell } from '#db/queries/catalog/cells'
import type { EntityRow } from '#db/queries/data/entities'
import { listEntities } from '#db/queries/data/entity-pages'
import { findEntityType } from '#db/queries/catalog/entity-types'
import { listCellMemberIds } from '#db/queries/data/metrics'
import { listLastPlaced } from '#db/queries/data/relationships'
import { cellNotFound, presentCell } from '../catalog/cells.ts'
import type { ProjectContext } from '../context.ts'
import { presentEntityType } from '../catalog/entity-types.ts'
import { environmentToRead } from '../projects/environments.ts'
import { type MetricValues, aggregate, metricValues } from './metrics.ts'
import { assertCan } from '../access/permissions.ts'
import { takeFitting } from '../stretches.ts'
import { storedName } from '../stored-names.ts'
import { reading } from '../writing.ts'

/** How many members are ranked at most. */
const MOST = 10_000

type Candidate = Placement['candidates'][number]
type Policy = Placement['policy']

/** The members of a cell, best first by its policy, and the excluded ones with the reason. */
export async function rankPlacement(context: ProjectContext, asked: string, envName: string): Promise<Placement> {
  assertCan(context, 'data:read')
  const name = await storedName(context.db, reading(context), 'cells', asked)
  const { db, grant } = context
  const at = reading(context)
  const environment = await environmentToRead(context, envName)
  const row = await findCell(db, at, name)
  if (!row) throw cellNotFound(name)
  const cell = presentCell(row)
  const type = presentEntityType((await findEntityType(db, at, cell.entityType))!)
  const none = { entityType: undefined, state: undefined, label: undefined, q: undefined, after: undefined }
  const members = await listEntities(db, at, environment.id, grant.cellScopes, { ...none, cell: [name], limit: MOST })
  const ids = members.map((member) => member.id)
  const metrics = await metricValues(db, at, ids, grant.cellScopes)
  // Whether there is room depends on all members; only the numbers shown are limited to what the caller sees.
  const isWhole = grant.cellScopes === null
  const real = isWhole ? metrics : await metricValues(db, at, await listCellMemberIds(db, at, name, environment.id))
  const placed = new Map((await listLastPlaced(db, at, ids)).map((one) => [one.id, one.last_placed_at]))
  const full = cell.constraints.find(({ metric, aggregate: how, max }) => {
    const level = aggregate(
      how,
      [...real.values()].flatMap((values) => (values[metric] === undefined ? [] : [values[metric]])),
    )
    return level !== undefined && level >= max
  })
  const candidates: Omit<Candidate, 'rank'>[] = []
  const excluded: Placement['excluded'] = []
  for (const member of members) {
    const values = metrics.get(member.id) ?? {}
    const shown = { id: member.id, name: member.name, state: member.state, metrics: values }
    const reason = full
      ? `the cell is full: the ${full.aggregate} of ${full.metric} has reached ${full.max}`
      : reasonOut(member, real.get(member.id) ?? {}, type)
    if (reason) excluded.push({ ...shown, reason })
    else candidates.push({ ...shown, load: loadOf(values, type), lastPlacedAt: placed.get(member.id) ?? null })
  }
  const ranked = order(candidates, cell.placementPolicy).map((candidate, i) => ({ ...candidate, rank: i + 1 }))
  const [{ n: all } = { n: 0 }] = await countMembers(db, at, { envId: environment.id, scope: grant.cellScopes }, [name])
  const shown = await takeFitting([...ranked, ...excluded])
  return {
    cell: name,
    envName,
    policy: cell.placementPolicy,
    candidates: ranked.slice(0, shown.length),
    excluded: excluded.slice(0, Math.max(shown.length - ranked.length, 0)),
    omitted: Math.max(all - shown.length, 0),
  }
}

function reasonOut(member: EntityRow, values: MetricValues, type: EntityType): string | undefined {
  if (member.state === 'failed') return 'it is in the state failed'
  const full = type.constraints.find(({ metric, max }) => (values[metric] ?? -Infinity) >= max)
  return full && `${full.metric} has reached ${full.max}`
}

function loadOf(values: MetricValues, type: EntityType): number | null {
  const loads = type.constraints.flatMap(({ metric, max }) => (max > 0 ? [(values[metric] ?? 0) / max] : []))
  return loads.length === 0 ? null : Math.max(...loads)
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/** Least full first, longest without a placement first, or shuffled. Ties are ordered by name. */
function order<C extends Omit<Candidate, 'rank'>>(candidates: C[], policy: Policy): C[] {
  if (policy === 'random') return shuffled(candidates)
  if (policy === 'least-loaded') return candidates.toSorted((a, b) => (a.load ?? 0) - (b.load ?? 0) || byName(a, b))
  const turn = ({ lastPlacedAt }: C) => lastPlacedAt ?? ''
  return candidates.toSorted((a, b) => (turn(a) < turn(b) ? -1 : turn(a) > turn(b) ? 1 : byName(a, b)))
}

function shuffled<T>(items: T[]): T[] {
  const result = [...items]
  for (let i = result.length - 1; i > 0; i--) {
    const j = randomInt(i + 1)
    ;[result[i], result[j]] = [result[j]!, result[i]!]
  }
  return result
}
