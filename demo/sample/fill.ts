import type { PropertyValue } from '#contract/data/entities'
import { apply } from '#domain/apply/apply'
import { addCellMembers } from '#domain/data/cell-members'
import type { ProjectContext } from '#domain/context'
import { pushMetricsTogether } from '#domain/data/entities'
import { assertCan } from '#domain/access/permissions'
import { sampleCatalog } from './catalog.ts'
import { type Size, cardholderServices, sampleData, sampleMetrics } from './data.ts'

const service = { entityType: 'service' }

export const applySampleCatalog = (context: ProjectContext) => applyWhole(context, 'default', sampleCatalog)

/** Fills one environment with entities, relationships, metrics and explicit cell members. Returns the number of entities. */
export async function fillWithSample(context: ProjectContext, envName: string, size: Size): Promise<number> {
  assertCan(context, 'apply:write')
  await applyWhole(context, envName, sampleData(size))
  await pushMetricsTogether(
    context,
    envName,
    sampleMetrics(size).map((push) => ({ ...service, ...push })),
  )
  await addToCells(
    context,
    envName,
    cardholderServices(size).map((name) => ({ ...service, name, cells: ['pci'] })),
  )
  return size.services + size.databases
}

export type Spec = {
  entityType: string
  name: string
  state: string
  properties: Record<string, PropertyValue>
  labels?: Record<string, string>
  /** Explicit cells to add the entity to. */
  cells?: string[]
}

/** Applies these entities to one environment and adds them to their cells. Returns their number. */
export async function fillWith(context: ProjectContext, envName: string, specs: Spec[]): Promise<number> {
  assertCan(context, 'apply:write')
  const items = specs.map((spec) => {
    const { cells: _, ...entity } = spec
    return { kind: 'Entity', ...entity }
  })
  await applyWhole(context, envName, items)
  await addToCells(context, envName, specs)
  return specs.length
}

async function addToCells(
  context: ProjectContext,
  envName: string,
  specs: Pick<Spec, 'entityType' | 'name' | 'cells'>[],
): Promise<void> {
  assertCan(context, 'data:write')
  const cells = new Set(specs.flatMap((spec) => spec.cells ?? []))
  for (const cell of cells) {
    const inside = specs.filter((spec) => spec.cells?.includes(cell))
    await addCellMembers(
      context,
      { envName, name: cell },
      inside.map(({ entityType, name }) => ({ entityType, name })),
    )
  }
}

/** Throws when an apply refuses an item, which it normally only reports: the sample must be complete. */
export async function applyWhole(context: ProjectContext, envName: string, items: Record<string, unknown>[]): Promise<void> {
  assertCan(context, 'apply:write')
  const { failed } = await apply(context, envName, { items, force: false, deletions: [], dryRun: false })
  const [first] = failed
  if (first) throw new Error(`The sample can’t be applied: ${first.kind} ${first.name} ${first.error}`)
}
