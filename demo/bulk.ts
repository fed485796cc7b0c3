import type { PropertyValue } from '#contract/data/entities'
import { insertCellMember } from '#db/queries/catalog/cells'
import { updateMembership } from '#domain/catalog/membership'
import { insertEntities, type NewEntity } from '#db/queries/data/entities'
import { findEnvironment } from '#db/queries/projects/environments'
import type { ProjectContext } from '#domain/context'
import { newId } from '#domain/ids'
import { writingData } from '#domain/writing'

export type Spec = {
  entityType: string
  name: string
  state: string
  properties: Record<string, PropertyValue>
  labels?: Record<string, string>
  /** Explicit cells to add the entity to. */
  cells?: string[]
}

/** Inserts many entities of one environment with their cell memberships. One by one, each would write an audit event. */
export async function insertMany(context: ProjectContext, envName: string, specs: Spec[]): Promise<number> {
  return writingData(context, async (trx, at) => {
    const environment = await findEnvironment(trx, context.project.id, envName)
    if (!environment) throw new Error(`The demo has no environment ${envName}`)
    const rows = specs.map(({ entityType, name, state, properties, labels = {}, cells = [] }) => {
      const row: NewEntity = { id: newId(), env_id: environment.id, entity_type: entityType, name, state, properties, labels }
      return { row, cells }
    })
    const entityIds = await insertEntities(
      trx,
      at,
      rows.map(({ row }) => row),
    )
    for (const { row, cells } of rows) for (const cell of cells) await insertCellMember(trx, at, cell, row.id)
    await updateMembership(trx, at, { entityIds })
    return entityIds.length
  })
}
