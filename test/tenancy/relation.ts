import type { Table } from './tables.ts'

/** How far a value is known: not at all; given (a parameter, a constant); or read from a row that is pinned itself. */
export type Known = 0 | 1 | 2

/** A value in a statement; with its relation and column where it is nothing but a column. */
export type Value = { known: (seen: Seen) => Known; column?: { relation: Relation; name: string } }

/** What holds of the rows that a relation gives: two values are equal, or at least one of several groups of such facts. */
export type Fact = { equal: [Value, Value] } | { oneOf: Fact[][] }

/** The columns that are being looked at, so that two of them do not vouch for each other. */
export type Seen = ReadonlySet<string>

export type Output = { name: string; value: Value }

/** What stands in a FROM, or is written to: a table, or what a subquery, a WITH, a function or a list of values gives. */
export type Relation = {
  id: number
  alias: string
  facts: Fact[]
  /** Undefined for a table that the schema does not know, such as a catalog's. */
  columns: string[] | undefined
} & ({ table: Table; isNew: boolean; isPinned: boolean } | { table: undefined; valueOf: (column: string) => Value | undefined })

export type Reference = Relation & { table: Table }

export const weakest = (all: Known[]): Known => all.reduce((least, one) => (one < least ? one : least), 2)

const strongest = (all: Known[]): Known => all.reduce((most, one) => (one > most ? one : most), 0)

/** What else a value is equal to, wherever one of these facts is about this column. */
function equals(facts: Fact[], relation: Relation, column: string): Value[] {
  const is = ({ column: of }: Value) => of?.relation === relation && of.name === column
  return facts.flatMap((fact) =>
    'equal' in fact ? [...(is(fact.equal[0]) ? [fact.equal[1]] : []), ...(is(fact.equal[1]) ? [fact.equal[0]] : [])] : [],
  )
}

export function columnKnown(relation: Relation, column: string, seen: Seen, facts = relation.facts): Known {
  const key = `${relation.id}.${column}`
  if (seen.has(key)) return 0
  const inner = new Set([...seen, key])
  const through = strongest(equals(facts, relation, column).map((value) => value.known(inner)))
  if (!relation.table) return strongest([through, relation.valueOf(column)?.known(inner) ?? 0])
  if (relation.isPinned) return 2
  // A row of a table without a tenant, found by a whole key, is as good as what it was found by.
  const isFound =
    !hasTenant(relation.table) &&
    relation.table.keys.some((key) => key.every((name) => name !== column && columnKnown(relation, name, inner) > 0))
  return isFound ? strongest([through, 1]) : through
}

export const hasTenant = ({ tenant, parents }: Table) => tenant.length > 0 || parents.length > 0

/**
 * What finds the rows of one caller, in whatever organisation: a secret's hash, since nobody else knows it; and the person, or his session,
 * in tables of which each row is his alone. Not in those of members and tokens, which are as much the organisation's.
 */
const ownColumns: Record<string, string[]> = {
  project_tokens: ['token_hash'],
  personal_tokens: ['token_hash'],
  notices: ['user_id'],
  viewings: ['session_id'],
}

/** Whether these facts leave only rows of one tenant, or of those that the caller named. */
export function isPinnedBy(relation: Reference, facts: Fact[]): boolean {
  const { table } = relation
  const known = (column: string) => columnKnown(relation, column, new Set(), facts)
  const own = ownColumns[table.name] ?? []
  const children = relation.isNew ? table.parents : [...table.parents, ...table.keys]
  return (
    (!relation.isNew && own.some((column) => known(column) > 0)) ||
    table.tenant.some((column) => known(column) > 0) ||
    children.some((key) => key.every((column) => known(column) === 2)) ||
    facts.some((fact) => {
      if (!('oneOf' in fact)) return false
      const others = facts.filter((other) => other !== fact)
      return fact.oneOf.every((branch) => isPinnedBy(relation, [...others, ...branch]))
    })
  )
}
