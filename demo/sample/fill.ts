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
  for (const name of cardholderServices(size)) {
    const { id: entityId } = await getEntity(context, envName, name, service)
    await addCellMember(context, { envName, name: 'pci', entityId })
  }
  return size.services + size.databases
}

/** Throws when an apply refuses an item, which it normally only reports: the sample must be complete. */
export async function applyWhole(context: ProjectContext, envName: string, items: Record<string, unknown>[]): Promise<void> {
  assertCan(context, 'apply:write')
  const { failed } = await apply(context, envName, { items, force: false, deletions: [], dryRun: false })
  const [first] = failed
  if (first) throw new Error(`The sample does not apply: ${first.kind} ${first.name} ${first.error}`)
}
