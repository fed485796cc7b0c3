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
import type { Entity, WhichEntity } from '#contract/data/entities'
import type { Page } from '../paging.ts'

type Where = { envName: string; name: string; entityId: string }
type Outcome = { cell: string; entityId: string; member: boolean }

/** Idempotent: adding an existing member changes nothing and writes no event. */
export async function addCellMember(context: ProjectContext, where: Where): Promise<Outcome> {
  assertCan(context, 'data:write')
  await assertRoomForRows(context)
  return changingOne(context, where, true, 'cell.member-added', rows.insertCellMember)
}

/** Adds many entities to a cell, given by their ids or names. The cells that they reach are measured once, not once for each. */
export async function addCellMembers(
  context: ProjectContext,
  where: Omit<Where, 'entityId'>,
  entities: (WhichEntity & { name: string })[],
): Promise<void> {
  assertCan(context, 'data:write')
  await assertRoomForRows(context)
  await changing(context, { ...where, entities }, true, 'cell.member-added', rows.insertCellMember)
}

export async function removeCellMember(context: ProjectContext, where: Where): Promise<Outcome> {
  assertCan(context, 'data:write')
  return changingOne(context, where, false, 'cell.member-removed', rows.deleteCellMember)
}

type Change = (trx: Trx, at: Generation, cell: string, entityId: string) => Promise<boolean>
type Action = 'cell.member-added' | 'cell.member-removed'

async function changingOne(
  context: ProjectContext,
  { entityId, ...where }: Where,
  member: boolean,
  action: Action,
  change: Change,
): Promise<Outcome> {
  const [outcome] = await changing(context, { ...where, entities: [{ name: entityId }] }, member, action, change)
  return outcome!
}

async function changing(
  context: ProjectContext,
  { envName, name, entities }: Omit<Where, 'entityId'> & { entities: (WhichEntity & { name: string })[] },
  member: boolean,
  action: Action,
  change: Change,
): Promise<Outcome[]> {
  return writingData(context, async (trx, at) => {
    const environment = await environmentToWrite(context, trx, envName)
    const cell = await storedName(trx, at, 'cells', name)
    const found: Entity[] = []
    for (const which of entities) {
      const entity = await entityToWrite(trx, context, at, environment.id, which)
      await assertTakesMembers(trx, context, at, cell, entity.entityType)
      found.push(entity)
    }
    const ids = found.map(({ id }) => id)
    const changed = await withinMetricLimits(trx, at, ids, async () => {
      const done = new Set<string>()
      for (const id of ids) {
        if (!(await change(trx, at, cell, id))) continue
        await finishEntityWrite(trx, context, at, environment.id, id)
        done.add(id)
      }
      return done
    })
    for (const { id, name: entityName } of found.filter((entity) => changed.has(entity.id)))
      await audit(trx, context, action, { kind: 'cell', id: cell }, { after: { entityId: id, name: entityName } })
    return ids.map((entityId) => ({ cell, entityId, member }))
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
