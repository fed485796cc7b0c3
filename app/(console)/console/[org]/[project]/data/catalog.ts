import { includedBy } from '#components/access/cell-tree'
import type { Cell } from '#contract/catalog/cells'
import type { Ability } from '#contract/common'
import type { EntityType } from '#contract/catalog/entity-types'
import type { RelationshipType } from '#contract/catalog/relationship-types'

/** The parts of the catalog that data refers to. */
export interface Catalog {
  types: readonly EntityType[]
  relationshipTypes: readonly RelationshipType[]
  cells: readonly Cell[]
}

/** The context of every part of the screen. */
export interface InCatalog {
  org: string
  project: string
  env: string
  catalog: Catalog
  /** Whether the caller may change data, and why not. */
  write: Ability
}

/** A type lists its own states; these two are valid for every entity (reference 6). */
const always = ['active', 'failed']

export const statesOf = (type: EntityType | undefined) => [...new Set([...(type?.states ?? []), ...always])]

/** All paths from the root of the hierarchy to a cell, within the given cells. */
export function waysTo(name: string, cells: readonly Cell[], within: ReadonlySet<string>): string[][] {
  const parents = (cells.find((cell) => cell.name === name)?.parentCells ?? []).filter((parent) => within.has(parent))
  if (parents.length === 0) return [[name]]
  return parents.flatMap((parent) => waysTo(parent, cells, within).map((way) => [...way, name]))
}

/** The number of values that a sentence lists. */
const FEW = 5
const few = (values: readonly string[]) => `${values.slice(0, FEW).join(' or ')}${values.length > FEW ? ' or …' : ''}`

/** For each property of a type: the values that put an entity into one of these cells or their descendants. */
function waysInto(scopes: readonly string[], cells: readonly Cell[], entityType: string): Map<string, string[]> {
  const below = includedBy(cells, new Set(scopes))
  const ways = new Map<string, string[]>()
  for (const { name, entityType: type, membership } of cells) {
    if (!membership || type !== entityType || !(scopes.includes(name) || below.has(name))) continue
    const { property, values = [name] } = membership.derivedFrom
    ways.set(property, [...(ways.get(property) ?? []), ...values])
  }
  return ways
}

/** Why a new entity would be outside the caller's cells, and what to change; null when it would be inside. */
export function outsideReason(
  scopes: readonly string[] | null,
  cells: readonly Cell[],
  type: Pick<EntityType, 'name' | 'properties'>,
  given: readonly { name: string; text: string }[],
): string | null {
  if (scopes === null) return null
  const ways = waysInto(scopes, cells, type.name)
  // The server fills empty properties with their defaults.
  const byDefault = (of: string) => String(type.properties.find(({ name }) => name === of)?.default ?? '')
  if (given.some(({ name, text }) => ways.get(name)?.includes(text || byDefault(name)))) return null
  const limit = `Your access is limited to the ${scopes.length === 1 ? 'cell' : 'cells'} ${scopes.join(', ')}`
  if (ways.size === 0) return `${limit}, and no property of a new ${type.name} puts it there`
  return `${limit}. Set ${[...ways].map(([property, values]) => `${property} to ${few(values)}`).join(', or ')}`
}
