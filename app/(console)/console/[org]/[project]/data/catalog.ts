import type { Cell } from '#contract/cells'
import type { Ability } from '#contract/common'
import type { EntityType } from '#contract/entity-types'
import type { RelationshipType } from '#contract/relationship-types'

/** What the data is made of. */
export interface Catalog {
  types: readonly EntityType[]
  relationshipTypes: readonly RelationshipType[]
  cells: readonly Cell[]
}

/** What every part of the screen stands in. */
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

/** Every way from the top of the hierarchy down to a cell, through the cells that are given. */
export function waysTo(name: string, cells: readonly Cell[], within: ReadonlySet<string>): string[][] {
  const parents = (cells.find((cell) => cell.name === name)?.parentCells ?? []).filter((parent) => within.has(parent))
  if (parents.length === 0) return [[name]]
  return parents.flatMap((parent) => waysTo(parent, cells, within).map((way) => [...way, name]))
}
