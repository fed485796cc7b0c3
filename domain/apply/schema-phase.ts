import type { Apply, Diff } from '#contract/apply'
import type { Trx } from '#db/client'
import * as changes from '#db/queries/catalog-changes'
import { listSelfAndAncestors, upsertCells } from '#db/queries/cells'
import { upsertEntityTypes } from '#db/queries/entity-types'
import type { Generation } from '#db/queries/project-rows'
import { deleteRelationshipTypes, upsertRelationshipTypes } from '#db/queries/relationship-types'
import { deleteSecrets, upsertSecrets } from '#db/queries/secrets'
import { cellSpec } from '../cells.ts'
import { entityTypeSpec } from '../entity-types.ts'
import { DomainError } from '../errors.ts'
import { updateMembership } from '../membership.ts'
import { lossOf } from '../property-values.ts'
import { relationshipTypeSpec } from '../relationship-types.ts'
import type { Catalog } from './catalog.ts'
import type { Problem } from './items.ts'
import type { SchemaPlan } from './schema-plan.ts'

/** A few statements a kind, whatever the number of documents. Refuses, before anything is written, to drop what is in use. */
export async function writeSchema(
  trx: Trx,
  at: Generation,
  { next, changed, drops, placed }: SchemaPlan,
  force: boolean,
): Promise<void> {
  const uses = drops.length === 0 ? [] : await changes.listDroppedUses(trx, at, drops)
  if (uses.length > 0 && !force) throw destructive(uses, drops, next)
  // By force a property loses its values, and the cells that follow it their members.
  const moved = uses.length === 0 ? placed : [...placed, ...derivedFromDropped(next, drops)]
  const before = moved.length === 0 ? [] : await listSelfAndAncestors(trx, at, moved)
  const chosen = <Document>(kind: keyof Catalog, documents: Map<string, Document>) =>
    changed[kind].map((name) => documents.get(name)!)
  const types = chosen('EntityType', next.EntityType).map((type) => entityTypeSpec(type.name, type))
  if (types.length > 0) await upsertEntityTypes(trx, at, types)
  const secrets = chosen('Secret', next.Secret).map(({ name, description }) => ({ name, description }))
  if (secrets.length > 0) await upsertSecrets(trx, at, secrets)
  const cells = chosen('Cell', next.Cell).map((cell) => ({
    ...cellSpec(cell.name, { ...cell, membership: cell.membership }),
    parents: cell.parentCells,
  }))
  if (cells.length > 0) await upsertCells(trx, at, cells)
  const relationshipTypes = chosen('RelationshipType', next.RelationshipType).map((type) => relationshipTypeSpec(type.name, type))
  if (relationshipTypes.length > 0) await upsertRelationshipTypes(trx, at, relationshipTypes)
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
  const details = uses.map(({ kind, type, what, name }) => {
    const index = drops.find((drop) => drop.kind === kind && drop.type === type)?.index
    const field = what === 'state' ? 'states' : 'properties'
    const { properties } = next[kind as 'EntityType' | 'RelationshipType'].get(type)!
    const loses = what === 'state' ? `drops the state ${name}` : lossOf(name, properties)
    return { path: `items.${index}.${field}`, message: `${kind} ${type} ${loses}, which is in use` }
  })
  return new DomainError('destructive_change', `${details[0]!.message}; send "force": true to do it all the same`, details)
}

/** After the items: parts of the catalog on which nothing stands but what goes with them. */
export async function deleteFromCatalog(
  trx: Trx,
  at: Generation,
  deletions: Apply['deletions'],
  catalog: Catalog,
  diff: Diff,
  problems: Problem[],
): Promise<void> {
  let sound = [...new Map(deletions.map((deletion) => [`${deletion.kind}/${deletion.name}`, deletion])).values()]
  // What cannot be deleted keeps what it stands on, so this is asked until nothing more is held back.
  for (;;) {
    const uses = await changes.listCatalogUses(trx, at, sound)
    const free = sound.filter(({ kind, name }) => {
      const use = uses.find((one) => one.kind === kind && one.name === name)
      const error = catalog[kind].has(name) ? use && `still has ${use.n} ${use.by}` : 'does not exist'
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
    const above = (await listSelfAndAncestors(trx, at, cells)).filter((cell) => !cells.includes(cell))
    await changes.deleteCells(trx, at, cells)
    await updateMembership(trx, at, { cells: above })
  }
  await deleteSecrets(trx, at, named('Secret'))
  await changes.deleteEntityTypes(trx, at, named('EntityType'))
  for (const { kind, name } of sound) {
    catalog[kind].delete(name)
    diff.deleted.push({ kind, name })
  }
}
