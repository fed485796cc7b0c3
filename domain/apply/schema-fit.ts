import { listExplicitCells } from '#db/queries/catalog/cells'
import { countMost } from '#db/queries/catalog/relationship-types'
import { mostOf } from '../catalog/relationship-types.ts'
import type { Catalog } from './catalog.ts'
import type { Problem } from './items.ts'
import type { Outcome } from './outcome.ts'
import type { Run } from './run.ts'
import { type SchemaItems, type SchemaPlan, planSchema } from './schema-plan.ts'

/**
 * Plans the catalog's documents without those that fail. Whatever was judged together with a failing one is judged again without
 * it. Each pass leaves out at least one document, and nearly always one pass is enough.
 */
export async function fitSchema(run: Run, given: SchemaItems, current: Catalog): Promise<Outcome & { plan: SchemaPlan }> {
  const problems: Problem[] = []
  let items = given
  for (;;) {
    const planned = await planSchema(items, current)
    const wrong = planned.problems.length > 0 ? planned.problems : await unfitting(run, items, current, planned.plan)
    if (wrong.length === 0) return { ...planned, problems }
    for (const one of wrong) problems.push(one)
    const out = new Set(wrong.map((problem) => problem.index))
    const fitting = <Item extends { index: number }>(all: Item[]) => all.filter((item) => !out.has(item.index))
    items = {
      EntityType: fitting(items.EntityType),
      Secret: fitting(items.Secret),
      Cell: fitting(items.Cell),
      RelationshipType: fitting(items.RelationshipType),
    }
  }
}

/**
 * What existing rows rule out even when forced: other ends or a lower cardinality of relationships, and deriving a cell that was
 * filled by hand.
 */
async function unfitting(
  { trx, at }: Run,
  items: SchemaItems,
  current: Catalog,
  { next, placed, drops }: SchemaPlan,
): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const { kind, type: name, index } of drops) {
    if (kind !== 'RelationshipType') continue
    const before = current.RelationshipType.get(name)!
    const after = next.RelationshipType.get(name)!
    const most = await countMost(trx, at, name)
    const moved = before.from === after.from ? 'to' : 'from'
    if (most.outgoing > 0 && (before.from !== after.from || before.to !== after.to)) {
      problems.push({ kind, name, index, path: moved, error: `must stay ${before[moved]} while relationships exist` })
    } else if (most.outgoing > mostOf[after.cardinality].outgoing || most.incoming > mostOf[after.cardinality].incoming) {
      problems.push({
        kind,
        name,
        index,
        path: 'cardinality',
        error: `must allow the relationships that exist; ${after.cardinality} does not`,
      })
    }
  }
  const given = new Map(items.Cell.map((item) => [item.name, item.index]))
  // A new cell has no members yet.
  const derived = placed.filter((name) => {
    const before = current.Cell.get(name)
    return before && !before.membership && next.Cell.get(name)?.membership
  })
  for (const name of derived.length === 0 ? [] : await listExplicitCells(trx, at, derived)) {
    problems.push({
      kind: 'Cell',
      name,
      index: given.get(name)!,
      path: 'membership',
      error: 'must be left out until you remove the entities that were added to this cell one by one',
    })
  }
  return problems
}
