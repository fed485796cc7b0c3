import { CreateCell } from '#contract/catalog/cells'
import { CreateEntity } from '#contract/data/entities'
import { CreateEntityType } from '#contract/catalog/entity-types'
import { createCell } from '#domain/catalog/cells'
import type { ProjectContext } from '#domain/context'
import { createEntity } from '#domain/data/entities'
import { createEntityType } from '#domain/catalog/entity-types'

/** The entity type that the tests use. */
export const site = CreateEntityType.parse({
  name: 'site',
  states: ['planned', 'live'],
  initialState: 'planned',
  properties: [
    { name: 'country', type: 'string' },
    { name: 'size', type: 'integer' },
  ],
  metrics: [{ name: 'load' }],
})

export const addType = (context: ProjectContext, type: Partial<CreateEntityType> = {}) =>
  createEntityType(context, CreateEntityType.parse({ ...site, ...type }))

/** `derived` = every site whose country is one of these. */
export function addCell(
  context: ProjectContext,
  name: string,
  { derived, ...cell }: Partial<CreateCell> & { derived?: string[] } = {},
) {
  const membership = derived && { derivedFrom: { property: 'country', values: derived } }
  return createCell(context, CreateCell.parse({ name, entityType: 'site', membership, ...cell }))
}

export function addEntity(
  context: ProjectContext,
  name: string,
  { env = 'default', ...entity }: Partial<CreateEntity> & { env?: string } = {},
) {
  return createEntity(context, env, CreateEntity.parse({ name, entityType: 'site', ...entity }))
}

/**
 * europe has the children germany and france, which follow the property `country`; `vip` has manual members. One site in each
 * country, one in none.
 */
export async function fill(context: ProjectContext) {
  await addType(context)
  await addCell(context, 'europe')
  await addCell(context, 'germany', { parentCells: ['europe'], derived: ['de'] })
  await addCell(context, 'france', { parentCells: ['europe'], derived: ['fr'] })
  await addCell(context, 'vip')
  return {
    berlin: await addEntity(context, 'berlin', { properties: { country: 'de' } }),
    paris: await addEntity(context, 'paris', { properties: { country: 'fr' } }),
    nowhere: await addEntity(context, 'nowhere'),
  }
}
