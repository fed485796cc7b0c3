import { parseSync } from 'oxc-parser'

/** One change to a source: `text` replaces the range from `start` to `end`. Offsets are those of a JavaScript string. */
export type Mutation = { start: number; end: number; text: string; line: number; was: string }

type Node = { type: string; start: number; end: number } & Record<string, unknown>

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string' && 'start' in value

const operators: Record<string, string[]> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
}

const roles = ['viewer', 'member', 'admin', 'owner']
const opposites: Record<string, string> = { every: 'some', some: 'every', min: 'max', max: 'min' }

/** The neighboring roles; undefined for other strings, because wording is not a rule. */
const otherRoles = (value: unknown) => {
  const i = typeof value === 'string' ? roles.indexOf(value) : -1
  return i < 0 ? [] : [roles[i - 1], roles[i + 1]].filter((role) => role !== undefined).map((role) => `'${role}'`)
}

/** Plausible mistakes in place of a node: an inverted comparison, an omitted call, … */
function alternatives(node: Node, textOf: (node: Node) => string): { of: Node; text: string }[] {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const [left, right] = [textOf(node['left'] as Node), textOf(node['right'] as Node)]
      return (operators[node['operator'] as string] ?? []).map((operator) => ({
        of: node,
        text: `(${left} ${operator} ${right})`,
      }))
    }
    case 'UnaryExpression':
      return node['operator'] === '!' ? [{ of: node, text: textOf(node['argument'] as Node) }] : []
    case 'IfStatement':
    case 'ConditionalExpression':
      return ['true', 'false'].map((text) => ({ of: node['test'] as Node, text }))
    case 'Literal': {
      const { value } = node
      if (typeof value === 'boolean') return [{ of: node, text: String(!value) }]
      if (typeof value === 'number') return [{ of: node, text: String(value + 1) }]
      if (value === null) return [{ of: node, text: 'undefined' }]
      return otherRoles(value).map((text) => ({ of: node, text }))
    }
    case 'ExpressionStatement': {
      const { type } = node['expression'] as Node
      return type === 'CallExpression' || type === 'AwaitExpression' ? [{ of: node, text: ';' }] : []
    }
    case 'ArrowFunctionExpression':
      return (node['body'] as Node).type === 'BlockStatement' ? [] : [{ of: node['body'] as Node, text: 'undefined' }]
    case 'SpreadElement':
      return [{ of: node['argument'] as Node, text: '[]' }]
    case 'MemberExpression': {
      const property = node['property'] as Node
      const opposite = Object.hasOwn(opposites, String(property['name'])) ? opposites[String(property['name'])] : undefined
      return opposite ? [{ of: property, text: opposite }] : []
    }
    default:
      return []
  }
}

/** Types are not code: changing them changes nothing at run time. */
const isType = ({ type }: Node) =>
  type.startsWith('TS') && !['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression'].includes(type)

export function mutationsOf(path: string, source: string): Mutation[] {
  const { program, errors } = parseSync(path, source)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`)
  const found: Mutation[] = []
  const textOf = ({ start, end }: Node) => source.slice(start, end)
  const visit = (node: Node) => {
    if (isType(node) || node.type === 'ImportDeclaration') return
    for (const { of, text } of alternatives(node, textOf)) {
      const line = source.slice(0, of.start).split('\n').length
      found.push({ start: of.start, end: of.end, text, line, was: textOf(of) })
    }
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child)
  }
  visit(program as unknown as Node)
  return found.filter(({ text, was }) => text !== was)
}

export const mutated = (source: string, { start, end, text }: Mutation) => source.slice(0, start) + text + source.slice(end)
