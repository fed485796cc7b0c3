import { stringify } from 'yaml'

/** Left out of a document: timestamps and empty lists. */
const leftOutFields = new Set(['createdAt', 'updatedAt'])
const optionalLists = new Set(['properties', 'metrics', 'constraints', 'parentCells'])
const isInDocument = ([field, value]: [string, unknown]) =>
  value !== undefined && !leftOutFields.has(field) && !(optionalLists.has(field) && Array.isArray(value) && value.length === 0)

/** A part of the catalog as a document to apply. */
export const documentOf = (resource: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(resource).filter((entry) => isInDocument(entry)))

/** One or several resources as YAML. */
export const yamlOf = (resources: readonly object[]): string =>
  resources.map((resource) => stringify(documentOf(resource), { lineWidth: 0 })).join('---\n')
