import type { Trx } from '#db/client'
import * as rows from '#db/queries/catalog/cells'
import type { Generation } from '#db/queries/project-rows'
import { audit } from '../audit/audit.ts'
import { cellNotFound } from '../catalog/cells.ts'
import type { ProjectContext } from '../context.ts'
import { entityToWrite, listEntities, finishEntityWrite } from './entities.ts'
import { environmentToWrite } from '../projects/environments.ts'
import { DomainError } from '../errors.ts'
import { withinMetricLimits } from './metrics.ts'
import { assertCan } from '../access/permissions.ts'
import { assertRoomForRows } from '../limits/quotas.ts'
import { storedName } from '../stored-names.ts'
import { reading, writingData } from '../writing.ts'
import type { CellMembersQuery } from '#contract/catalog/cells'
import type { Entity } from '#contract/data/entities'
import type { Page } from '../paging.ts'

type Where = { envName: string; name: string; entityId: string }
type Outcome = { cell: string; entityId: string; member: boolean }

/** Idempotent: adding an existing member changes nothing and writes no event. */
export async function addCellMember(context: ProjectContext, where: Where): Promise<Outcome> {
  assertCan(context, 'data:write')
  await assertRoomForRows(context)
  return changing(context, where, true, 'cell.member-added', rows.insertCellMember)
}

export async function removeCellMember(context: ProjectContext, where: Where): Promise<Outcome> {
  assertCan(context, 'data:write')
  return changing(context, where, false, 'cell.member-removed', rows.deleteCellMember)
}

async function changing(
  context: ProjectContext,
  { envName, name, entityId }: Where,
  member: boolean,
  action: 'cell.member-added' | 'cell.member-removed',
  change: (trx: Trx, at: Generation, cell: string, entityId: string) => Promise<boolean>,
): Promise<Outcome> {
  return writingData(context, async (trx, at) => {
    const environment = await environmentToWrite(context, trx, envName)
    const cell = await storedName(trx, at, 'cells', name)
    const entity = await entityToWrite(trx, context, at, environment.id, { name: entityId })
    await assertTakesMembers(trx, context, at, cell, entity.entityType)
    const changed = await withinMetricLimits(trx, at, [entity.id], async () => {
      const done = await change(trx, at, cell, entity.id)
      if (done) await finishEntityWrite(trx, context, at, environment.id, entity.id)
      return done
    })
    if (changed) {
      await audit(trx, context, action, { kind: 'cell', id: cell }, { after: { entityId: entity.id, name: entity.name } })
    }
    return { cell, entityId: entity.id, member }
  })
}

/**
 * Throws unless the cell is explicit, of the entity's type and, for a scoped caller, in their scope: membership decides what
 * others see.
 */
async function assertTakesMembers(
  trx: Trx,
  { grant }: ProjectContext,
  at: Generation,
  name: string,
  entityType: string,
): Promise<void> {
  const cell = await rows.findCell(trx, at, name)
  if (!cell) throw cellNotFound(name)
  if (grant.cellScopes !== null && !(await rows.listSelfAndDescendants(trx, at, grant.cellScopes)).includes(name)) {
    throw new DomainError('out_of_scope', 'Your access does not include this cell')
  }
  if (cell.derived_property !== null) {
    throw new DomainError(
      'derived_cell',
      `The members of ${name} are derived from the property ${cell.derived_property}. Change that property of the entity instead`,
    )
  }
  if (cell.entity_type !== entityType)
    throw new DomainError('invalid_membership', `${name} holds entities of type ${cell.entity_type}, not ${entityType}`)
}

/** The entities of a cell in one environment, limited to what the caller can see. */
export async function listCellMembers(
  context: ProjectContext,
  asked: string,
  { env, limit, cursor }: CellMembersQuery,
): Promise<Page<Entity>> {
  assertCan(context, 'data:read')
  const name = await storedName(context.db, reading(context), 'cells', asked)
  if (!(await rows.findCell(context.db, reading(context), name))) throw cellNotFound(name)
  return listEntities(context, env, { cell: name, limit, cursor })
}
