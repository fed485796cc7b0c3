import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openApiDocument } from './openapi.ts'

test('every reference resolves within the document', () => {
  const references = [...JSON.stringify(openApiDocument).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!)
  const found = (reference: string) =>
    reference
      .slice(2)
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], openApiDocument)
  expect(references).not.toHaveLength(0)
  expect(references.filter((reference) => found(reference) === undefined)).toEqual([])
})

test('no shape has a pattern with a flag, which its JSON Schema would lose', () => {
  const folder = import.meta.dirname
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.test)\.ts$/.test(file))
  const flagged = files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/\.regex\(\/.*\/[a-tv-z]+[,)]/g)].map(([found]) => `${file}: ${found}`),
  )
  expect(files).not.toHaveLength(0)
  expect(flagged).toEqual([])
})
