import type { SchemaKind } from '#contract/apply/apply'
import { composed } from '#contract/text'
import type { Catalog } from './catalog.ts'
import type { ReadItems } from './items.ts'

const kinds: SchemaKind[] = ['EntityType', 'Secret', 'Cell', 'RelationshipType']

/** The names of a kind that are stored in another form than NFC, by their NFC, unless that exists too. */
const olderNames = (current: Catalog, kind: SchemaKind) =>
  new Map(
    [...current[kind].keys()]
      .map((name): [string, string] => [composed(name), name])
      .filter(([nfc, name]) => nfc !== name && !current[kind].has(nfc)),
  )

/** The items with the names of the catalog as they are stored: an older name is updated, not doubled. */
export function asStored(items: ReadItems['items'], current: Catalog): ReadItems['items'] {
  const older = Object.fromEntries(kinds.map((kind) => [kind, olderNames(current, kind)])) as Record<
    SchemaKind,
    Map<string, string>
  >
  if (kinds.every((kind) => older[kind].size === 0)) return items
  const named = (kind: SchemaKind, name: string) => older[kind].get(name) ?? name
  const type = (name: string) => named('EntityType', name)
  const renamed = <One extends { name: string; spec: { name: string } }>(kind: SchemaKind, item: One): One => {
    const name = named(kind, item.name)
    return { ...item, name, spec: { ...item.spec, name } }
  }
  return {
    EntityType: items.EntityType.map((item) => renamed('EntityType', item)),
    Secret: items.Secret.map((item) => renamed('Secret', item)),
    Cell: items.Cell.map((item) => {
      const { entityType, parentCells } = item.spec
      const spec = { ...item.spec, entityType: type(entityType), parentCells: parentCells.map((cell) => named('Cell', cell)) }
      return renamed('Cell', { ...item, spec })
    }),
    RelationshipType: items.RelationshipType.map((item) =>
      renamed('RelationshipType', { ...item, spec: { ...item.spec, from: type(item.spec.from), to: type(item.spec.to) } }),
    ),
    Entity: items.Entity.map((item) => ({ ...item, spec: { ...item.spec, entityType: type(item.spec.entityType) } })),
    Relationship: items.Relationship.map((item) => ({
      ...item,
      spec: { ...item.spec, relationshipType: named('RelationshipType', item.spec.relationshipType) },
    })),
  }
}
