import type { A_Expr, Node, SubLink } from 'libpg-query'
import { type Part, childrenOf, membersOf, nameOf, text } from './nodes.ts'
import { type Reading, type Scope, columnNamed, columnOf, equal, given, unknown } from './reading.ts'
import { type Fact, type Output, type Seen, type Value, weakest } from './relation.ts'

/** A value is only as known as its least known part. */
export function valueOf(reading: Reading, node: Part, scope: Scope): Value {
  if (!node || 'SetToDefault' in node) return unknown
  if ('TypeCast' in node) return valueOf(reading, node.TypeCast.arg, scope)
  if ('ColumnRef' in node) return columnNamed(node.ColumnRef.fields ?? [], scope)
  if ('SubLink' in node) return reading.subqueries.get(node.SubLink.subselect!)?.outputs[0]?.value ?? unknown
  const parts = childrenOf(node).map((part) => valueOf(reading, part, scope))
  return 'ParamRef' in node || parts.length === 0 ? given : weakestOf(parts)
}

/** Combines several values into one. */
export const weakestOf = (values: Value[]): Value => ({ known: (seen: Seen) => weakest(values.map((one) => one.known(seen))) })

/** Reads the subqueries of an expression that itself says nothing about the surrounding rows. */
export function walk(reading: Reading, node: Part, scope: Scope): void {
  if (!node) return
  if ('SubLink' in node) {
    walk(reading, node.SubLink.testexpr, scope)
    reading.query(node.SubLink.subselect!, scope)
  } else for (const part of childrenOf(node)) walk(reading, part, scope)
}

/** What must be true of the rows that satisfy this condition. */
export function factsOf(reading: Reading, node: Part, scope: Scope): Fact[] {
  if (!node) return []
  if ('BoolExpr' in node) {
    const { boolop, args = [] } = node.BoolExpr
    if (boolop === 'AND_EXPR') return args.flatMap((arg) => factsOf(reading, arg, scope))
    if (boolop === 'OR_EXPR') return [{ oneOf: args.map((arg) => factsOf(reading, arg, scope)) }]
  }
  if ('SubLink' in node) return ofSubquery(reading, node.SubLink, scope)
  walk(reading, node, scope)
  // Rows outside of any organization belong to no tenant.
  if ('NullTest' in node && node.NullTest.nulltesttype === 'IS_NULL')
    return [equal(valueOf(reading, node.NullTest.arg, scope), given)]
  return 'A_Expr' in node ? ofComparison(reading, node.A_Expr, scope) : []
}

function ofComparison(reading: Reading, { kind, name = [], lexpr, rexpr }: A_Expr, scope: Scope): Fact[] {
  const value = (node: Part) => valueOf(reading, node, scope)
  if (text(name[0]) !== '=') return []
  const left = membersOf(lexpr)
  if (kind === 'AEXPR_OP' || kind === 'AEXPR_NOT_DISTINCT') {
    const right = membersOf(rexpr)
    return left.length === right.length ? left.map((one, i) => equal(value(one), value(right[i]))) : []
  }
  if (kind === 'AEXPR_OP_ANY') return [equal(value(lexpr), { known: value(rexpr).known })]
  if (kind !== 'AEXPR_IN' || !rexpr || !('List' in rexpr)) return []
  const rows = (rexpr.List.items ?? []).map(membersOf)
  return left.map((one, i) => equal(value(one), weakestOf(rows.map((row) => value(row[i])))))
}

/** For EXISTS and IN, what holds inside also holds outside. */
function ofSubquery(reading: Reading, { subLinkType, operName = [], testexpr, subselect }: SubLink, scope: Scope): Fact[] {
  walk(reading, testexpr, scope)
  const { outputs, facts } = reading.query(subselect!, scope)
  if (subLinkType === 'EXISTS_SUBLINK') return facts
  if (subLinkType !== 'ANY_SUBLINK' || (operName.length > 0 && text(operName[0]) !== '=')) return []
  const tested = membersOf(testexpr).map((one, i) => equal(valueOf(reading, one, scope), outputs[i]?.value ?? unknown))
  return [...facts, ...tested]
}

/** The outputs of a SELECT or RETURNING. */
export function outputsOf(reading: Reading, targets: Node[], scope: Scope): Output[] {
  return targets.flatMap((target): Output[] => {
    if (!('ResTarget' in target)) return []
    const { name, val } = target.ResTarget
    const fields = val && 'ColumnRef' in val ? (val.ColumnRef.fields ?? []) : []
    const last = fields.at(-1)
    if (!last || !('A_Star' in last)) return [{ name: name ?? (text(last) || nameOf(val)), value: valueOf(reading, val, scope) }]
    const all = scope.relations.filter(({ alias }) => fields.length === 1 || alias === text(fields[0]))
    return all.flatMap((relation) => (relation.columns ?? []).map((each) => ({ name: each, value: columnOf(relation, each) })))
  })
}
