import { type Document, LineCounter, isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml'
import { jsonProblem } from '../form/json-problem.ts'

export interface DocumentProblem {
  message: string
  line: number
  column: number
}

/** The server's parser options. */
const options = { schema: 'core', uniqueKeys: true, merge: false, stringKeys: true } as const

function parsed(text: string): { documents: Document[]; lines: LineCounter } {
  const lines = new LineCounter()
  return { documents: [...parseAllDocuments(text, { ...options, prettyErrors: false, lineCounter: lines })] as Document[], lines }
}

const looksLikeJson = /^\s*[{[]\s*["{}[\]]/

/** Where and why a text is neither YAML nor JSON; null when it is valid. The server decides; this only locates the problem. */
export function documentProblem(text: string): DocumentProblem | null {
  try {
    const { documents, lines } = parsed(text)
    const [error] = documents.flatMap((document) => document.errors)
    if (!error) return null
    const inJson = looksLikeJson.test(text) ? jsonProblem(text) : null
    if (inJson) return inJson
    const { line, col } = lines.linePos(error.pos[0])
    return { message: error.message, line, column: col }
  } catch {
    return { message: 'This is nested too deeply', line: 1, column: 1 }
  }
}

/** The nodes of the items, as the server finds them: a list, a request with `items`, or a stream of documents. */
function itemsOf(documents: Document[]): unknown[] {
  const contents = documents.map((document) => document.contents as unknown)
  if (contents.length > 1) return contents.filter((node) => node !== null && !(isScalar(node) && node.value === null))
  const [only] = contents
  if (isSeq(only)) return only.items
  const items = isMap(only) ? only.get('items', true) : undefined
  return isSeq(items) ? items.items : [only]
}

const startOf = (node: unknown): number | undefined =>
  isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range?.[0] : undefined

/** The offset of a field, or of the innermost existing one above it. An envelope keeps its fields in `spec` and `metadata`. */
function offsetOf(item: unknown, path: readonly string[]): number | undefined {
  let node = item
  let offset = startOf(item)
  for (const segment of path) {
    const [key, value] =
      step(node, segment) ?? step(inside(node, 'spec'), segment) ?? step(inside(node, 'metadata'), segment) ?? []
    if (key === undefined) return offset
    offset = startOf(key) ?? offset
    node = value
  }
  return offset
}

const inside = (node: unknown, name: string) => (isMap(node) ? node.get(name, true) : undefined)

function step(node: unknown, segment: string): [key: unknown, value: unknown] | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(segment)]
    return item === undefined ? undefined : [item, item]
  }
  const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === segment) : undefined
  return pair && [pair.key, pair.value]
}

/** A longer text is not searched, which would be noticeably slow. */
const LONGEST = 500_000

/**
 * Returns the line of an item of a document, or of one of its fields (`properties.0.name`). Parses the text at the first call.
 */
export function placesIn(text: string): (index: number, path?: string) => number | undefined {
  if (text.length > LONGEST) return () => undefined
  let read: { items: unknown[]; lines: LineCounter } | undefined
  return (index, path = '') => {
    try {
      read ??= itemsIn(text)
    } catch {
      return undefined
    }
    const offset = offsetOf(read.items[index], path === '' ? [] : path.split('.'))
    return offset === undefined ? undefined : read.lines.linePos(offset).line
  }
}

function itemsIn(text: string) {
  const { documents, lines } = parsed(text)
  return { items: itemsOf(documents), lines }
}
