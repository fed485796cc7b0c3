import type { SchemaKind } from '#contract/apply/apply'
import type { Cell } from '#contract/catalog/cells'
import type { EntityType } from '#contract/catalog/entity-types'
import type { RelationshipType } from '#contract/catalog/relationship-types'
import type { Database, Trx } from '#db/client'
import { listCells } from '#db/queries/catalog/cells'
import { listEntityTypes } from '#db/queries/catalog/entity-types'
import type { Generation } from '#db/queries/project-rows'
import { listRelationshipTypes } from '#db/queries/catalog/relationship-types'
import { listSecretSlots } from '#db/queries/catalog/secrets'
import { presentCell } from '../catalog/cells.ts'
import { presentEntityType } from '../catalog/entity-types.ts'
import { mapInTurns } from '../give-way.ts'
import { presentRelationshipType } from '../catalog/relationship-types.ts'

type Timeless<T> = Omit<T, 'createdAt' | 'updatedAt'>

/** A whole catalog in memory, each kind by name, as documents that can be applied. */
export type Catalog = {
  EntityType: Map<string, Timeless<EntityType>>
  Secret: Map<string, { kind: 'Secret'; name: string; description: string }>
  Cell: Map<string, Timeless<Cell>>
  RelationshipType: Map<string, Timeless<RelationshipType>>
}

/** More than any project has; `listX` fetches one more than it is asked for. */
const ALL = { after: undefined, limit: 1_000_000 }

const byName = <T extends { name: string }>(documents: T[]) => new Map(documents.map((document) => [document.name, document]))

function timeless<T extends { createdAt: string; updatedAt: string }>(document: T) {
  const { createdAt: _, updatedAt: __, ...rest } = document
  return rest
}

/** One statement for each kind. */
export async function loadCatalog(db: Database | Trx, at: Generation): Promise<Catalog> {
  const types = await listEntityTypes(db, at, ALL)
  const secrets = await listSecretSlots(db, at)
  const cells = await listCells(db, at, ALL)
  const relationshipTypes = await listRelationshipTypes(db, at, ALL)
  return {
    EntityType: byName(await mapInTurns(types, (row) => timeless(presentEntityType(row)))),
    Secret: byName(secrets.map(({ name, description }) => ({ kind: 'Secret' as const, name, description }))),
    Cell: byName(await mapInTurns(cells, (row) => timeless(presentCell(row)))),
    RelationshipType: byName(await mapInTurns(relationshipTypes, (row) => timeless(presentRelationshipType(row)))),
  }
}

export const schemaKinds = ['EntityType', 'Secret', 'Cell', 'RelationshipType'] as const satisfies SchemaKind[]

/** Every document of a catalog, ready to be applied in this order. */
export const documentsOf = (catalog: Catalog) => schemaKinds.flatMap((kind) => [...catalog[kind].values()])

/** The catalog without these documents. */
export function without(catalog: Catalog, deleted: { kind: string; name: string }[]): Catalog {
  if (deleted.length === 0) return catalog
  const left: Catalog = {
    EntityType: new Map(catalog.EntityType),
    Secret: new Map(catalog.Secret),
    Cell: new Map(catalog.Cell),
    RelationshipType: new Map(catalog.RelationshipType),
  }
  for (const { kind, name } of deleted) left[kind as SchemaKind].delete(name)
  return left
}
