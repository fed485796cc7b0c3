import type { TransferLine } from '#contract/transfer/transfer'
import type { Trx } from '#db/client'
import { listCells, listSelfAndDescendants } from '#db/queries/catalog/cells'
import { listEntityTypes } from '#db/queries/catalog/entity-types'
import { listRelationshipTypes } from '#db/queries/catalog/relationship-types'
import { listSecretSlots } from '#db/queries/catalog/secrets'
import * as rows from '#db/queries/transfer/transfer'
import { exportAgents, exportCoreInstances } from '#db/queries/v1/transfer'
import { presentCell } from '../catalog/cells.ts'
import type { ProjectContext } from '../context.ts'
import { presentEntityType } from '../catalog/entity-types.ts'
import { declaredOf } from '../data/metrics.ts'
import { assertCan, refusal } from '../access/permissions.ts'
import { presentRelationshipType } from '../catalog/relationship-types.ts'
import { admitsCells } from '../access/scope.ts'
import { reading } from '../writing.ts'

const ALL = { after: undefined, limit: 1_000_000 }

/** A snapshot of the catalog and the data that the caller may see, dependencies first. */
export async function exportProject(context: ProjectContext): Promise<AsyncGenerator<TransferLine>> {
  assertCan(context, 'data:read')
  return fromSnapshot(context)
}

/** Begins the snapshot with the first line and ends it with the last, or when the reader stops. */
async function* fromSnapshot(context: ProjectContext): AsyncGenerator<TransferLine> {
  const snapshot = await rows.beginSnapshot(context.db)
  try {
    yield* lines(context, snapshot)
  } finally {
    await snapshot.rollback().execute()
  }
}

async function* lines(context: ProjectContext, db: Trx): AsyncGenerator<TransferLine> {
  const at = reading(context)
  const { grant } = context
  const visible = { envId: grant.envId, scope: grant.cellScopes }
  const types = (await listEntityTypes(db, at, ALL)).toSorted(byName).map(presentEntityType)
  yield* types
  if (!refusal(grant, 'secrets:read')) {
    for (const { name, description, created_at, updated_at } of await listSecretSlots(db, at)) {
      yield { kind: 'Secret', name, description, createdAt: created_at, updatedAt: updated_at }
    }
  }
  for (const row of (await listCells(db, at, ALL)).toSorted(byName)) {
    const { membership, ...cell } = presentCell(row)
    yield { ...cell, membership }
  }
  for (const row of (await listRelationshipTypes(db, at, ALL)).toSorted(byName)) yield presentRelationshipType(row)
  const metrics = new Map(types.map((type) => [type.name, type.metrics]))
  for await (const row of rows.exportEntities(db, at, visible)) {
    const { env_name, entity_type, created_at, updated_at, metrics: pushed, id, name, state, properties, labels } = row
    const rest = { id, name, state, properties, labels }
    const what = { ...rest, metrics: declaredOf(metrics.get(entity_type) ?? [], pushed) }
    yield { kind: 'Entity', ...what, envName: env_name, entityType: entity_type, createdAt: created_at, updatedAt: updated_at }
  }
  const reached = grant.cellScopes && (await listSelfAndDescendants(db, at, grant.cellScopes))
  for await (const row of rows.exportCellMembers(db, at, visible, reached)) {
    yield { kind: 'CellMember', cell: row.cell, entityId: row.entity_id, createdAt: row.created_at }
  }
  for await (const row of rows.exportRelationships(db, at, visible)) {
    const { env_name, relationship_type, from_id, to_id, created_at, updated_at, id, state, properties, labels } = row
    const rest = { id, state, properties, labels }
    const ends = { relationshipType: relationship_type, from: from_id, to: to_id }
    yield { kind: 'Relationship', ...rest, ...ends, envName: env_name, createdAt: created_at, updatedAt: updated_at }
  }
  // Agents and core instances are in no cell.
  if (!admitsCells(grant.cellScopes, [])) return
  yield* exportAgents(db, at, grant.envId) as AsyncGenerator<TransferLine>
  yield* exportCoreInstances(db, at, grant.envId) as AsyncGenerator<TransferLine>
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
