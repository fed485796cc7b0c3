import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fieldDescriptions } from './openapi-fields.ts'
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

test('every field of a shape with a name is described, and no description is left over', () => {
  const lacking: string[] = []
  const names = new Set<string>()
  function look(schema: unknown, place: string) {
    if (typeof schema !== 'object' || schema === null) return
    for (const [key, value] of Object.entries(schema)) {
      if (key !== 'properties') look(value, place)
      else
        for (const [name, field] of Object.entries(value as Record<string, { description?: string }>)) {
          names.add(name).add(`${place}.${name}`)
          if (field.description === undefined) lacking.push(`${place}.${name}`)
          look(field, `${place}.${name}`)
        }
    }
  }
  for (const [name, schema] of Object.entries(openApiDocument.components.schemas)) look(schema, name)
  expect(lacking).toEqual([])
  expect(Object.keys(fieldDescriptions).filter((place) => !names.has(place))).toEqual([])
})
