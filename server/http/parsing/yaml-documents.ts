import { CST, Composer, type Document, Lexer, LineCounter, Parser } from 'yaml'
import { MAX_VALUES, tooManyValues } from './limits.ts'
import { invalid } from './refusal.ts'
import { assertSaidInYaml } from './yaml-nodes.ts'

/** Nodes that aliases may stand for in all; more is a bomb. */
const MAX_ALIASES = 100
/** A value has at most one key token beside it. */
const MAX_TOKENS = 2 * MAX_VALUES
/**
 * A syntax tree takes a hundred times the memory of its text. This limits its lexemes, including spaces, comments and empty
 * lines, but not list items that are values already.
 */
const MAX_LEXEMES = 500_000
/** The longest single text, in UTF-16 units; longer than any that is stored. Parsing one takes many times its length. */
const MAX_LEXEME = 1024 * 1024

const tooMuchAtOnce = () =>
  invalid(
    'One value of the YAML body is too large. Write items as a list of lines that begin with "- ", without anchors, or send JSON',
  )
const tooLong = () => invalid('A text or comment in YAML must be at most 1 MiB. Send longer ones as JSON')
/** Items of a document's list that become values at once. Their syntax tree, a hundred times their text, is then freed. */
const ITEMS_AT_ONCE = 500

const options = { schema: 'core', uniqueKeys: false, merge: false, stringKeys: true } as const

export const tooDeepForYaml = () => invalid('The body is nested too deeply for YAML. Send it with less nesting')

/** The values of a YAML stream, document by document. */
export function yamlDocuments(text: string, itemsAtOnce: number = ITEMS_AT_ONCE): unknown[] {
  const documents = readDocuments(text, itemsAtOnce)
  // In rare documents an anchor follows after many items. Those are read as a whole.
  return documents ?? readDocuments(text, Infinity)!
}

type List = { type: 'block-seq'; offset: number; indent: number; items: CST.BlockSequence['items'] }

/** Undefined when the items of a list that was taken apart refer to each other. */
function readDocuments(text: string, itemsAtOnce: number): unknown[] | undefined {
  const lines = new LineCounter()
  const parser = new Parser(lines.addNewLine)
  const composer = new Composer(options)
  const values: unknown[] = []
  /** Items taken from the list of each unfinished document, and from the current one. */
  const taken: unknown[][] = []
  let now: unknown[] = []
  let takesApart = itemsAtOnce < Infinity
  let tokens = 0
  let lexemes = 0

  const keep = (documents: Iterable<Document.Parsed>) => {
    for (const document of documents) {
      const before = taken.shift() ?? []
      values.push(joined(before, valueOf(document, lines, before.length)))
    }
  }
  const pass = (found: Iterable<CST.Token>) => {
    for (const token of found) {
      if (token.type === 'directive') takesApart = false
      if (token.type === 'document') {
        taken.push(now)
        now = []
        lexemes = 0
      }
      keep(composer.next(token) as Iterable<Document.Parsed>)
    }
  }

  lines.addNewLine(0)
  let isContent = false
  for (const lexeme of new Lexer().lex(text)) {
    if (++lexemes > MAX_LEXEMES) throw tooMuchAtOnce()
    if (lexeme.length > MAX_LEXEME) throw tooLong()
    const type = isContent ? 'scalar' : CST.tokenType(lexeme)
    isContent = lexeme === CST.SCALAR && !isContent
    pass(parser.next(lexeme))
    if (isCounted(type) && ++tokens > MAX_TOKENS) throw tooManyValues()
    if (type === 'anchor' || type === 'alias') {
      if (now.length > 0) return undefined
      takesApart = false
    }
    const list = takesApart && type === 'seq-item-ind' ? listOf(parser.stack) : undefined
    // The last item is incomplete.
    if (list && list.items.length > itemsAtOnce) {
      const complete = { ...list, items: list.items.splice(0, list.items.length - 1) }
      for (const item of itemsOf(complete, lines, now.length)) now.push(item)
      lexemes = 0
    }
  }
  pass(parser.end())
  keep(composer.end() as Iterable<Document.Parsed>)
  return values
}

const isCounted = (type: CST.TokenType | null) =>
  type === 'scalar' ||
  type === 'seq-item-ind' ||
  type === 'single-quoted-scalar' ||
  type === 'double-quoted-scalar' ||
  type === 'flow-map-start' ||
  type === 'flow-seq-start' ||
  type === 'doc-start'

/** The list that a document is, or that its `items` are, at the start of its next item. */
function listOf([document, top, inner]: CST.Token[]): List | undefined {
  if (document?.type !== 'document') return undefined
  if (top?.type === 'block-seq') return inner ? undefined : top
  if (top?.type !== 'block-map' || inner?.type !== 'block-seq') return undefined
  const pair = top.items.at(-1)
  const key = pair?.sep && pair.key
  return key?.type === 'scalar' && key.source === 'items' ? inner : undefined
}

/** Parses complete items of a list as part of their document. */
function itemsOf(list: List, lines: LineCounter, skipped: number): unknown[] {
  const composer = new Composer(options)
  const alone: CST.Document = { type: 'document', offset: list.offset, start: [], value: list }
  const [document] = [...composer.next(alone), ...composer.end()] as Document.Parsed[]
  return valueOf(document!, lines, skipped) as unknown[]
}

/** A document joined with the items that were taken from its list. */
function joined(taken: unknown[], value: unknown): unknown {
  if (taken.length === 0) return value
  if (Array.isArray(value)) return [...taken, ...(value as unknown[])]
  const { items } = value as { items: unknown[] }
  return { ...(value as object), items: [...taken, ...items] }
}

function valueOf(document: Document.Parsed, lines: LineCounter, skipped: number): unknown {
  const [error] = document.errors
  // The parser recurses, so unlimited nesting exhausts the stack.
  if (error?.code === 'RESOURCE_EXHAUSTION') throw tooDeepForYaml()
  if (error) {
    const { line, col } = lines.linePos(error.pos[0])
    throw invalid(`The body is not valid YAML: ${error.message} at line ${line}, column ${col}`)
  }
  assertSaidInYaml(document, lines, skipped)
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown
  } catch (cause) {
    if (cause instanceof RangeError) throw cause
    throw invalid('The body has too many YAML aliases. Write out their values')
  }
}
