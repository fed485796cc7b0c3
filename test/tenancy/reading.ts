import type { Node, RangeVar } from 'libpg-query'
import { text } from './nodes.ts'
import { type Fact, type Output, type Relation, type Value, columnKnown } from './relation.ts'
import type { Table } from './tables.ts'

/** What a name can refer to at this point; the innermost first. */
export type Scope = { relations: Relation[]; named: Map<string, Output[]>; outer: Scope | undefined }

/** A subquery: its outputs, and what holds of every row it is made from. */
export type Query = { outputs: Output[]; facts: Fact[] }

/** The state of reading a statement: all of its relations so far, and its subqueries by their nodes. */
export type Reading = {
  tables: Table[]
  relations: Relation[]
  subqueries: Map<object, Query>
  query: (node: Node, scope: Scope) => Query
}

export const unknown: Value = { known: () => 0 }
export const given: Value = { known: () => 1 }
export const equal = (left: Value, right: Value): Fact => ({ equal: [left, right] })

export const scopeIn = (outer?: Scope): Scope => ({ relations: [], named: new Map(), outer })

type Made = { alias: string; columns: string[] | undefined } & (
  | { table: Table; isNew: boolean; isPinned: boolean }
  | { table: undefined; valueOf: (column: string) => Value | undefined }
)

export function relate({ relations }: Reading, made: Made, scope: Scope): Relation {
  const relation: Relation = { id: relations.length, place: scope, facts: [], ...made }
  relations.push(relation)
  scope.relations.push(relation)
  return relation
}

/** The outputs of a subquery or a WITH, under the names given to them there. */
export function derive(reading: Reading, alias: string, outputs: Output[], scope: Scope, names: Node[] = []): Relation {
  const named = outputs.map(({ name, value }, i) => ({ name: text(names[i]) || name, value }))
  const valueOf = (column: string) => named.find(({ name }) => name === column)?.value
  return relate(reading, { alias, columns: named.map(({ name }) => name), table: undefined, valueOf }, scope)
}

export function refer(reading: Reading, { relname = '', schemaname, alias }: RangeVar, scope: Scope, isNew = false): Relation {
  const as = alias?.aliasname ?? relname
  for (let at: Scope | undefined = scope; at && !schemaname; at = at.outer) {
    const outputs = at.named.get(relname)
    if (outputs) return derive(reading, as, outputs, scope, alias?.colnames)
  }
  const found = schemaname && schemaname !== 'public' ? undefined : reading.tables.find(({ name }) => name === relname)
  if (!found) return relate(reading, { alias: as, columns: undefined, table: undefined, valueOf: () => undefined }, scope)
  return relate(reading, { alias: as, columns: found.columns, table: found, isNew, isPinned: false }, scope)
}

export const columnOf = (relation: Relation, name: string): Value => ({
  column: { relation, name },
  known: (seen) => columnKnown(relation, name, seen),
})

/** A column that several relations may have: the first one that has it. */
export function columnAmong(relations: Relation[], name: string): Value {
  const relation = relations.find(({ columns }) => columns?.includes(name))
  return relation ? columnOf(relation, name) : unknown
}

/** The column that a name refers to: of the relation it names, or of the innermost one that has it. */
export function columnNamed(fields: Node[], scope: Scope): Value {
  const [name = '', alias] = fields.map(text).toReversed()
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const relation = at.relations.find((one) => (alias ? one.alias === alias : one.columns?.includes(name)))
    if (relation) return columnOf(relation, name)
  }
  return unknown
}
