import type { JoinExpr, Node, RangeFunction, RangeVar } from 'libpg-query'
import { factsOf, valueOf, walk, weakestOf } from './expressions.ts'
import { childrenOf, text } from './nodes.ts'
import { type Reading, type Scope, columnAmong, derive, equal, refer, relate } from './reading.ts'
import type { Fact, Relation } from './relation.ts'

/** An item of a FROM: the relations that it adds, and what holds of all rows. */
export type Source = { relations: Relation[]; facts: Fact[] }

export function sourceOf(reading: Reading, node: Node, scope: Scope): Source {
  if ('RangeVar' in node) return { relations: [refer(reading, node.RangeVar, scope)], facts: [] }
  if ('JoinExpr' in node) return joinOf(reading, node.JoinExpr, scope)
  if ('RangeFunction' in node) return { relations: [functionOf(reading, node.RangeFunction, scope)], facts: [] }
  if (!('RangeSubselect' in node)) return { relations: tablesIn(reading, node, scope), facts: [] }
  const { subquery, alias } = node.RangeSubselect
  const { outputs } = reading.query(subquery!, scope)
  return { relations: [derive(reading, alias?.aliasname ?? '', outputs, scope, alias?.colnames)], facts: [] }
}

function joinOf(reading: Reading, { larg, rarg, jointype, quals, usingClause = [] }: JoinExpr, scope: Scope): Source {
  const [left, right] = [sourceOf(reading, larg!, scope), sourceOf(reading, rarg!, scope)]
  const relations = [...left.relations, ...right.relations]
  const shared = usingClause.map(text).map((name) => equal(columnAmong(left.relations, name), columnAmong(right.relations, name)))
  const facts = [...factsOf(reading, quals, scope), ...shared]
  // The condition of an outer join holds only for the side that it may leave empty.
  if (jointype === 'JOIN_LEFT') hold(right.relations, facts)
  if (jointype === 'JOIN_RIGHT') hold(left.relations, facts)
  if (jointype !== 'JOIN_INNER') return { relations, facts: jointype === 'JOIN_LEFT' ? left.facts : [] }
  hold(relations, facts)
  return { relations, facts: [...left.facts, ...right.facts, ...facts] }
}

export function hold(relations: Relation[], facts: Fact[]): void {
  for (const relation of relations) relation.facts.push(...facts)
}

/** A function's output is only as known as its arguments. */
function functionOf(reading: Reading, { functions = [], alias, coldeflist = [] }: RangeFunction, scope: Scope): Relation {
  for (const call of functions) walk(reading, call, scope)
  const value = weakestOf(functions.map((call) => valueOf(reading, call, scope)))
  const defined = coldeflist.map((def) => ('ColumnDef' in def ? (def.ColumnDef.colname ?? '') : ''))
  const names = [...(alias?.colnames ?? []).map(text), ...defined]
  const as = alias?.aliasname ?? ''
  return relate(reading, { alias: as, columns: names.length > 0 ? names : [as], table: undefined, valueOf: () => value }, scope)
}

/**
 * The tables under a node whose meaning is unknown. Also for MERGE and TRUNCATE, which name tables without a node of their own.
 */
export function tablesIn(reading: Reading, node: Node | undefined, scope: Scope): Relation[] {
  if (!node) return []
  if ('RangeVar' in node) return [refer(reading, node.RangeVar, scope)]
  if ('relname' in node) return [refer(reading, node as RangeVar, scope)]
  return childrenOf(node).flatMap((part) => tablesIn(reading, part, scope))
}
