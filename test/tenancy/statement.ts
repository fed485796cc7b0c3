import type { CommonTableExpr, DeleteStmt, InsertStmt, Node, SelectStmt, UpdateStmt, WithClause } from 'libpg-query'
import { factsOf, outputsOf, valueOf, walk, weakestOf } from './expressions.ts'
import { childrenOf, membersOf, text } from './nodes.ts'
import { type Query, type Reading, type Scope, columnAmong, derive, equal, refer, scopeIn, unknown } from './reading.ts'
import type { Output, Relation } from './relation.ts'
import { hold, sourceOf, tablesIn } from './sources.ts'
import type { Table } from './tables.ts'

/** Every relation of a statement, each with the facts about its rows. */
export function readStatement(statement: Node, tables: Table[]): Relation[] {
  const reading: Reading = {
    tables,
    relations: [],
    subqueries: new Map(),
    query(node, scope) {
      const read = queryOf(reading, node, scope)
      reading.subqueries.set(node, read)
      return read
    },
  }
  reading.query(statement, scopeIn())
  return reading.relations
}

function queryOf(reading: Reading, node: Node, scope: Scope): Query {
  if ('SelectStmt' in node) return selectOf(reading, node.SelectStmt, scope)
  if ('InsertStmt' in node) return insertOf(reading, node.InsertStmt, scope)
  if ('UpdateStmt' in node) return changeOf(reading, node.UpdateStmt, node.UpdateStmt.fromClause, scope)
  if ('DeleteStmt' in node) return changeOf(reading, node.DeleteStmt, node.DeleteStmt.usingClause, scope)
  tablesIn(reading, node, scope)
  return { outputs: [], facts: [] }
}

function selectOf(reading: Reading, select: SelectStmt, outer: Scope, whenHalf?: (outputs: Output[]) => void): Query {
  const scope = scopeIn(outer)
  readWith(reading, select.withClause, scope)
  const { larg, rarg, valuesLists, fromClause = [], whereClause, targetList = [], withClause: _, ...rest } = select
  const sources = fromClause.map((node) => sourceOf(reading, node, scope))
  const facts = factsOf(reading, whereClause, scope)
  for (const { relations } of sources) hold(relations, facts)
  for (const part of [...targetList, ...(valuesLists ?? []), ...childrenOf(rest)]) walk(reading, part, scope)
  if (larg && rarg) {
    const { outputs } = selectOf(reading, larg, scope)
    whenHalf?.(outputs)
    const others = selectOf(reading, rarg, scope).outputs
    return {
      outputs: outputs.map(({ name, value }, i) => ({ name, value: weakestOf([value, others[i]?.value ?? unknown]) })),
      facts: [],
    }
  }
  if (valuesLists) return { outputs: rowsOf(reading, valuesLists, scope), facts: [] }
  return { outputs: outputsOf(reading, targetList, scope), facts: [...facts, ...sources.flatMap((source) => source.facts)] }
}

function rowsOf(reading: Reading, lists: Node[], scope: Scope): Output[] {
  const rows = lists.map((list) => membersOf(list).map((one) => valueOf(reading, one, scope)))
  return (rows[0] ?? []).map((_, i) => ({ name: `column${i + 1}`, value: weakestOf(rows.map((row) => row[i] ?? unknown)) }))
}

function readWith(reading: Reading, clause: WithClause | undefined, scope: Scope): void {
  for (const node of clause?.ctes ?? []) if ('CommonTableExpr' in node) readNamed(reading, node.CommonTableExpr, scope)
}

function readNamed(reading: Reading, { ctename = '', ctequery, aliascolnames = [] }: CommonTableExpr, scope: Scope): void {
  const name = (outputs: Output[]) => {
    scope.named.set(
      ctename,
      outputs.map((output, i) => ({ ...output, name: text(aliascolnames[i]) || output.name })),
    )
  }
  const select = ctequery && 'SelectStmt' in ctequery ? ctequery.SelectStmt : undefined
  // A recursive WITH starts with the outputs of its first half.
  name((select?.larg ? selectOf(reading, select, scope, name) : reading.query(ctequery!, scope)).outputs)
}

function insertOf(reading: Reading, insert: InsertStmt, outer: Scope): Query {
  const { relation, cols = [], selectStmt, onConflictClause, withClause, returningClause } = insert
  const scope = scopeIn(outer)
  readWith(reading, withClause, scope)
  const source = selectStmt ? reading.query(selectStmt, scope).outputs : []
  const written = scopeIn(scope)
  const target = refer(reading, relation!, written, true)
  const names = cols.length > 0 ? cols.map((col) => ('ResTarget' in col ? (col.ResTarget.name ?? '') : '')) : target.columns
  const values = (names ?? []).map((name, i): Output => ({ name, value: source[i]?.value ?? unknown }))
  target.facts.push(...values.map(({ name, value }) => equal(columnAmong([target], name), value)))
  if (onConflictClause?.action === 'ONCONFLICT_UPDATE') {
    const clash = scopeIn(scope)
    const there = refer(reading, relation!, clash)
    const excluded = derive(reading, 'excluded', values, clash)
    const keys = (onConflictClause.infer?.indexElems ?? []).map((key) => ('IndexElem' in key ? (key.IndexElem.name ?? '') : ''))
    there.facts.push(...keys.map((name) => equal(columnAmong([there], name), columnAmong([excluded], name))))
    there.facts.push(...factsOf(reading, onConflictClause.whereClause, clash))
    for (const part of onConflictClause.targetList ?? []) walk(reading, part, clash)
  }
  return returned(reading, returningClause?.exprs, written)
}

function changeOf(reading: Reading, change: UpdateStmt | DeleteStmt, others: Node[] = [], outer: Scope): Query {
  const scope = scopeIn(outer)
  readWith(reading, change.withClause, scope)
  const own = [refer(reading, change.relation!, scope), ...others.flatMap((node) => sourceOf(reading, node, scope).relations)]
  hold(own, factsOf(reading, change.whereClause, scope))
  if ('targetList' in change) for (const part of change.targetList ?? []) walk(reading, part, scope)
  return returned(reading, change.returningClause?.exprs, scope)
}

function returned(reading: Reading, targets: Node[] = [], scope: Scope): Query {
  for (const part of targets) walk(reading, part, scope)
  return { outputs: outputsOf(reading, targets, scope), facts: [] }
}
