import type { Apply } from '#contract/apply/apply'
import * as changes from '#db/queries/catalog/catalog-changes'
import { listSelfAndAncestors, upsertCells } from '#db/queries/catalog/cells'
import { upsertEntityTypes } from '#db/queries/catalog/entity-types'
import { deleteRelationshipTypes, upsertRelationshipTypes } from '#db/queries/catalog/relationship-types'
import { deleteSecrets, upsertSecrets } from '#db/queries/catalog/secrets'
import { batchesOf } from '../batches.ts'
import { cellSpec } from '../catalog/cells.ts'
import { entityTypeSpec } from '../catalog/entity-types.ts'
import { seesAll } from '../access/counted.ts'
import { DomainError } from '../errors.ts'
import { mapInTurns } from '../give-way.ts'
import { updateMembership } from '../catalog/membership.ts'
import { lossOf } from '../catalog/property-values.ts'
import { relationshipTypeSpec } from '../catalog/relationship-types.ts'
import type { Catalog } from './catalog.ts'
import { type Outcome, newOutcome } from './outcome.ts'
import type { Run } from './run.ts'
import type { SchemaPlan } from './schema-plan.ts'

/**
 * A few statements for each kind, whatever the number of documents. Refuses to drop what is in use before anything is written.
 */
export async function writeSchema(
  { trx, at, force }: Pick<Run, 'trx' | 'at' | 'force'>,
  { next, changed, drops, placed }: SchemaPlan,
): Promise<void> {
  const uses = drops.length === 0 ? [] : await changes.listDroppedUses(trx, at, drops)
  if (uses.length > 0 && !force) throw destructive(uses, drops, next)
  // When forced, a property loses its values, and the cells derived from it lose their members.
  const moved = uses.length === 0 ? placed : [...placed, ...derivedFromDropped(next, drops)]
  const before = moved.length === 0 ? [] : await listSelfAndAncestors(trx, at, moved)
  const chosen = <Document>(kind: keyof Catalog, documents: Map<string, Document>) =>
    changed[kind].map((name) => documents.get(name)!)
  const types = await mapInTurns(chosen('EntityType', next.EntityType), (type) => entityTypeSpec(type.name, type))
  for (const batch of batchesOf(types)) await upsertEntityTypes(trx, at, batch)
  const secrets = chosen('Secret', next.Secret).map(({ name, description }) => ({ name, description }))
  for (const batch of batchesOf(secrets)) await upsertSecrets(trx, at, batch)
  // Parents come before their children, so that no batch names a cell that does not exist yet.
  const cells = await mapInTurns(chosen('Cell', next.Cell), (cell) => ({
    ...cellSpec(cell.name, { ...cell, membership: cell.membership }),
    parents: cell.parentCells,
  }))
  for (const batch of batchesOf(cells)) await upsertCells(trx, at, batch)
  const relationshipTypes = await mapInTurns(chosen('RelationshipType', next.RelationshipType), (type) =>
    relationshipTypeSpec(type.name, type),
  )
  for (const batch of batchesOf(relationshipTypes)) await upsertRelationshipTypes(trx, at, batch)
  if (uses.length > 0) await changes.dropFromRows(trx, at, drops)
  if (moved.length === 0) return
  const after = await listSelfAndAncestors(trx, at, moved)
  await updateMembership(trx, at, { cells: [...new Set([...before, ...after])] })
}

const derivedFromDropped = ({ Cell }: Catalog, drops: SchemaPlan['drops']): string[] =>
  [...Cell.values()]
    .filter(({ entityType, membership }) =>
      drops.some(
        ({ kind, type, properties }) =>
          kind === 'EntityType' && type === entityType && membership && properties.includes(membership.derivedFrom.property),
      ),
    )
    .map((cell) => cell.name)

function destructive(uses: changes.DroppedUse[], drops: SchemaPlan['drops'], next: Catalog): DomainError {
  const indexes = new Map(drops.map(({ kind, type, index }) => [`${kind}/${type}`, index]))
  const details = uses.map(({ kind, type, what, name }) => {
    const index = indexes.get(`${kind}/${type}`)
    const field = what === 'state' ? 'states' : 'properties'
    const { properties } = next[kind as 'EntityType' | 'RelationshipType'].get(type)!
    const loses = what === 'state' ? `must keep ${name}` : lossOf(name, properties)
    return { path: `items.${index}.${field}`, message: `${kind} ${type} ${loses}, because it is in use` }
  })
  return new DomainError('destructive_change', `${details[0]!.message}. Send "force": true to do it anyway`, details)
}

/** After the items: deletes parts of the catalog whose only dependents are deleted with them. */
export async function deleteFromCatalog(
  { trx, context, at }: Run,
  deletions: Apply['deletions'],
  catalog: Catalog,
): Promise<Outcome> {
  const { diff, problems } = newOutcome()
  const counts = seesAll(context)
  let sound = [...new Map(deletions.map((deletion) => [`${deletion.kind}/${deletion.name}`, deletion])).values()]
  // A part that cannot be deleted keeps what it depends on, so this repeats until no more parts are kept.
  for (;;) {
    const uses = Map.groupBy(await changes.listCatalogUses(trx, at, sound), (use) => `${use.kind}/${use.name}`)
    const free = sound.filter(({ kind, name }) => {
      const use = uses.get(`${kind}/${name}`)?.[0]
      const error = catalog[kind].has(name) ? use && `still has ${counts ? `${use.n} ` : ''}${use.by}` : 'does not exist'
      if (error) problems.push({ kind, name, error })
      return !error
    })
    const settled = free.length === sound.length
    sound = free
    if (settled) break
  }
  const named = (kind: keyof Catalog) => sound.filter((deletion) => deletion.kind === kind).map((deletion) => deletion.name)
  await deleteRelationshipTypes(trx, at, named('RelationshipType'))
  const cells = named('Cell')
  if (cells.length > 0) {
    const gone = new Set(cells)
    const above = (await listSelfAndAncestors(trx, at, cells)).filter((cell) => !gone.has(cell))
    await changes.deleteCells(trx, at, cells)
    await updateMembership(trx, at, { cells: above })
  }
  await deleteSecrets(trx, at, named('Secret'))
  await changes.deleteEntityTypes(trx, at, named('EntityType'))
  for (const { kind, name } of sound) diff.deleted.push({ kind, name })
  return { diff, problems }
}
