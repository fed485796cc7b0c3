import { Kind } from '#contract/apply/apply'

const words: Record<Kind, readonly [one: string, many: string]> = {
  EntityType: ['entity type', 'entity types'],
  Secret: ['secret', 'secrets'],
  Cell: ['cell', 'cells'],
  RelationshipType: ['relationship type', 'relationship types'],
  Entity: ['entity', 'entities'],
  Relationship: ['relationship', 'relationships'],
}

/** "3 entity types"; a kind that nobody knows is called what the document calls it. */
export function kindInWords(kind: string, count: number): string {
  const known = Kind.safeParse(kind)
  const word = known.success ? words[known.data][count === 1 ? 0 : 1] : kind || 'without a kind'
  return `${count.toLocaleString('en')} ${word}`
}

const order: readonly string[] = Kind.options

/** In the order in which they are applied, what is unknown first. */
export const byKind = (a: string, b: string) => order.indexOf(a) - order.indexOf(b) || (a < b ? -1 : a > b ? 1 : 0)
