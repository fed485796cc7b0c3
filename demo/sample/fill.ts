import type { PropertyValue } from '#contract/data/entities'
import { apply } from '#domain/apply/apply'
import { addCellMember } from '#domain/data/cell-members'
import type { ProjectContext } from '#domain/context'
import { getEntity, pushMetrics } from '#domain/data/entities'
import { assertCan } from '#domain/access/permissions'
import { sampleCatalog } from './catalog.ts'
import { type Size, cardholderServices, sampleData, sampleMetrics } from './data.ts'

const service = { entityType: 'service' }

export const applySampleCatalog = (context: ProjectContext) => applyWhole(context, 'default', sampleCatalog)

/** Fills one environment with entities, relationships, metrics and explicit cell members. Returns the number of entities. */
export async function fillWithSample(context: ProjectContext, envName: string, size: Size): Promise<number> {
  assertCan(context, 'apply:write')
  await applyWhole(context, envName, sampleData(size))
  for (const { name, metrics } of sampleMetrics(size)) await pushMetrics(context, envName, name, service, { metrics })
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
  for (const { entityType, name, cells = [] } of specs)
    for (const cell of cells) {
      const { id: entityId } = await getEntity(context, envName, name, { entityType })
      await addCellMember(context, { envName, name: cell, entityId })
    }
}

/** Throws when an apply refuses an item, which it normally only reports: the sample must be complete. */
export async function applyWhole(context: ProjectContext, envName: string, items: Record<string, unknown>[]): Promise<void> {
  assertCan(context, 'apply:write')
  const { failed } = await apply(context, envName, { items, force: false, deletions: [], dryRun: false })
  const [first] = failed
  if (first) throw new Error(`The sample can’t be applied: ${first.kind} ${first.name} ${first.error}`)
}
