import { expect, test } from 'vitest'
import { z } from 'zod'
import { asAnswered } from './answered.ts'
import { CatalogName } from './common.ts'
import { operations } from './operations.ts'

/** Names under which a schema holds others. */
const parts = (schema: z.core.$ZodType): z.core.$ZodType[] =>
  Object.entries(schema._zod.def).flatMap(([key, part]: [string, unknown]) => {
    if (key === 'checks') return []
    const many = key === 'shape' ? Object.values(part as object) : Array.isArray(part) ? part : [part]
    return many.filter((one): one is z.core.$ZodType => typeof one === 'object' && one !== null && '_zod' in one)
  })

function ruled(schema: z.core.$ZodType, seen = new Set<z.core.$ZodType>()): boolean {
  if (seen.has(schema)) return false
  seen.add(schema)
  const rules = schema._zod.def.checks?.some(({ _zod }) => ['custom', 'overwrite'].includes(_zod.def.check)) ?? false
  return rules || parts(schema).some((one) => ruled(one, seen))
}

test('no answer is held to the rules for names that are sent', () => {
  expect(ruled(z.object({ list: z.array(z.union([CatalogName, z.null()])).optional() }))).toBe(true)
  expect(operations.filter(({ returns }) => ruled(returns)).map(({ method, path }) => `${method} ${path}`)).toEqual([])
})

test('answers a name as it is stored, in every place of a shape, and still leaves out what the shape does not have', () => {
  const deep = z.object({
    name: CatalogName.describe('Its name.'),
    kinds: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a'), name: CatalogName }),
      z.object({ kind: z.literal('b') }),
    ]),
    lists: z.array(CatalogName).max(2).optional(),
    byName: z.record(CatalogName, CatalogName.nullable()),
    pair: z.tuple([CatalogName, z.number()]),
  })
  const value = {
    name: '..',
    kinds: { kind: 'a' as const, name: '\u200b' },
    lists: ['u\u0308'],
    byName: { '.': '..' },
    pair: ['.', 1] as [string, number],
  }
  const answered = asAnswered(deep)
  expect(answered.parse({ ...value, secret: 1 })).toEqual(value)
  expect(answered.safeParse({ ...value, lists: ['a', 'b', 'c'] }).success).toBe(false)
  expect(answered.safeParse({ ...value, pair: ['.', 'x'] }).success).toBe(false)
  expect(deep.safeParse(value).success).toBe(false)
  expect(z.toJSONSchema(answered)).toMatchObject({ properties: { name: { description: 'Its name.' } } })
})

test('leaves a schema without such rules as it is', () => {
  const plain = z.object({ list: z.array(z.object({ id: z.uuid() })), any: z.json() })
  plain.parse({ list: [], any: { a: [1] } })
  expect(asAnswered(plain)).toBe(plain)
})
