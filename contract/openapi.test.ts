import { expect, test } from 'vitest'
import { openApiDocument } from './openapi.ts'

test('every reference leads somewhere in the document', () => {
  const references = [...JSON.stringify(openApiDocument).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!)
  const found = (reference: string) =>
    reference
      .slice(2)
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], openApiDocument)
  expect(references).not.toHaveLength(0)
  expect(references.filter((reference) => found(reference) === undefined)).toEqual([])
})
