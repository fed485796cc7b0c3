import { type Document, parseAllDocuments } from 'yaml'
import { DomainError } from '#domain/errors'

/** An alias may stand for so many nodes in all; beyond that it is a bomb. */
const MAX_ALIASES = 100

const invalid = (sentence: string) => new DomainError('invalid_request', sentence)

/**
 * YAML 1.2, core schema: one document is the body itself; a document that is a list, or a stream of several, is its `items`. Keys are
 * unique, merges and custom tags are not resolved, and what has aliases in plenty is refused before it is built.
 */
export function documentsFromYaml(text: string): unknown {
  const values = parsed(text).map((document) => {
    const [error] = document.errors
    if (error) throw invalid(`The body is not valid YAML: ${error.message.split('\n')[0]}`)
    try {
      return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown
    } catch {
      throw invalid('The body has too many YAML aliases')
    }
  })
  const [first, ...more] = values
  if (more.length > 0) return { items: values.filter((value) => value !== null) }
  return Array.isArray(first) ? { items: first as unknown[] } : looksLikeRequest(first) ? first : { items: [first] }
}

function parsed(text: string): Document[] {
  try {
    return [
      ...parseAllDocuments(text, { schema: 'core', uniqueKeys: true, merge: false, prettyErrors: true, stringKeys: true }),
    ] as Document[]
  } catch {
    // The parser recurses: what nests without end runs out of stack.
    throw invalid('The body nests too deep to be read as YAML')
  }
}

const looksLikeRequest = (value: unknown) => typeof value === 'object' && value !== null && 'items' in value
