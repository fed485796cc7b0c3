import type { Kind } from '#contract/apply/apply'
import { kinds } from '#contract/words'

const words: Record<Kind, readonly [one: string, many: string]> = {
  EntityType: ['entity type', 'entity types'],
  Secret: ['secret', 'secrets'],
  Cell: ['cell', 'cells'],
  RelationshipType: ['relationship type', 'relationship types'],
  Entity: ['entity', 'entities'],
  Relationship: ['relationship', 'relationships'],
}

/** "3 entity types"; an unknown kind keeps its name. */
export function kindInWords(kind: string, count: number): string {
  const known = kinds.find((one) => one === kind)
  const word = known ? words[known][count === 1 ? 0 : 1] : kind || 'without a kind'
  return `${count.toLocaleString('en')} ${word}`
}

const order: readonly string[] = kinds

/** Sorts by the order of application, unknown kinds first. */
export const byKind = (a: string, b: string) => order.indexOf(a) - order.indexOf(b) || (a < b ? -1 : a > b ? 1 : 0)
