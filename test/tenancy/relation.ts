import type { Table } from './tables.ts'

/** How far a value is known: 0 not at all; 1 given (a parameter, a constant); 2 read from a row that is itself pinned. */
export type Known = 0 | 1 | 2

/** A value in a statement. Has `column` when it is a plain column. */
export type Value = { known: (seen: Seen) => Known; column?: { relation: Relation; name: string } }

/** A fact about the rows of a relation: two values are equal, or at least one of several groups of facts holds. */
export type Fact = { equal: [Value, Value] } | { oneOf: Fact[][] }

/** The columns on the current path, so that two of them cannot vouch for each other. */
export type Seen = ReadonlySet<string>

export type Output = { name: string; value: Value }

/** An item of a FROM, or a write's target: a table, or the output of a subquery, a WITH, a function or a VALUES list. */
export type Relation = {
  id: number
  alias: string
  /** The query in which it stands. */
  place: object
  facts: Fact[]
  /** Undefined for a table outside the schema, such as one of PostgreSQL's catalog. */
  columns: string[] | undefined
} & ({ table: Table; isNew: boolean; isPinned: boolean } | { table: undefined; valueOf: (column: string) => Value | undefined })

export type Reference = Relation & { table: Table }

export const weakest = (all: Known[]): Known => all.reduce((least, one) => (one < least ? one : least), 2)

const strongest = (all: Known[]): Known => all.reduce((most, one) => (one > most ? one : most), 0)

/** The values that these facts make equal to the column. */
export function equals(facts: Fact[], relation: Relation, column: string): Value[] {
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
  // A row of a table without a tenant, found by a whole key, is as known as what it was found by.
  const isFound =
    !hasTenant(relation.table) &&
    relation.table.keys.some((key) => key.every((name) => name !== column && columnKnown(relation, name, inner) > 0))
  return isFound ? strongest([through, 1]) : through
}

export const hasTenant = ({ tenant, parents }: Table) => tenant.length > 0 || parents.length > 0

/**
 * Columns that select one caller's rows in any organization: a secret's hash, and the person or session in tables whose rows
 * belong to one person. Members and tokens belong to the organization as well, so those do not count.
 */
const ownColumns: Record<string, string[]> = {
  project_tokens: ['token_hash'],
  personal_tokens: ['token_hash'],
  notices: ['user_id'],
  viewings: ['session_id'],
}

/** Whether these facts leave only rows of one tenant, or of tenants that the caller named. */
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
