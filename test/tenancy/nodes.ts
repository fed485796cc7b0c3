import type { Node } from 'libpg-query'

export type Part = Node | undefined

export const text = (node: Part) => (node && 'String' in node ? (node.String.sval ?? '') : '')

/** `(a, b)` is its members; anything else is itself. */
export function membersOf(node: Part): Node[] {
  if (!node) return []
  if ('RowExpr' in node) return node.RowExpr.args ?? []
  return 'List' in node ? (node.List.items ?? []) : [node]
}

const isNode = (part: unknown): part is Node => typeof part === 'object' && part !== null

/** The direct children of a node, whatever its kind. */
export const childrenOf = (node: object | undefined): Node[] =>
  Object.values(node ?? {})
    .flatMap((part: unknown) => (Array.isArray(part) ? (part as unknown[]) : [part]))
    .filter(isNode)

/** The name that PostgreSQL gives a column without an alias. */
export const nameOf = (node: Part) => (node && 'FuncCall' in node ? text(node.FuncCall.funcname?.at(-1)) : '?column?')
