import { DomainError } from '#domain/errors'
import { tooDeepForYaml, yamlDocuments } from '../parsing/yaml-documents.ts'

/**
 * Parses YAML 1.2, core schema. One document is the body itself; a document that is a list, or a stream of several, becomes its
 * `items`. Keys are unique; merges and custom tags are not resolved. Too many aliases are refused before anything is built.
 */
export function documentsFromYaml(text: string, itemsAtOnce?: number): unknown {
  const values = parsed(text, itemsAtOnce)
  const [first, ...more] = values
  if (more.length > 0) return { items: values.filter((value) => value !== null) }
  return Array.isArray(first) ? { items: first as unknown[] } : looksLikeRequest(first) ? first : { items: [first] }
}

function parsed(text: string, itemsAtOnce?: number): unknown[] {
  try {
    return yamlDocuments(text, itemsAtOnce)
  } catch (error) {
    if (error instanceof DomainError) throw error
    if (error instanceof RangeError) throw tooDeepForYaml()
    throw error
  }
}

const looksLikeRequest = (value: unknown) => typeof value === 'object' && value !== null && 'items' in value
