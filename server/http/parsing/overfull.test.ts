import { expect, test } from 'vitest'
import { z } from 'zod'
import { Apply } from '#contract/apply/apply'
import { operations } from '#contract/operations'
import { overfull } from './overfull.ts'

const list = (n: number) => Array.from({ length: n }, () => 0)

test('finds the limit of a list in the contract itself, with its sentence', () => {
  expect(overfull(Apply, { items: list(100_000) })).toBeUndefined()
  expect(overfull(Apply, { items: list(100_001) })).toEqual({ path: ['items'], message: 'must have at most 100,000 items' })
  expect(overfull(Apply, { items: [], deletions: list(1001) })).toEqual({
    path: ['deletions'],
    message: 'must have at most 1,000 items',
  })
})

test('finds it behind wrappers of a list, and in lists of lists', () => {
  const tags = z.array(z.string()).max(2, 'must be at most 2 tags')
  const shape = z
    .strictObject({ rows: z.array(z.object({ tags: tags.nullable().default([]) })).optional() })
    .refine(() => true)
    .transform((body) => body)
  expect(overfull(shape, { rows: [{ tags: list(2) }, { tags: null }, {}, 'none'] })).toBeUndefined()
  expect(overfull(shape, { rows: [{}, { tags: list(3) }] })).toEqual({
    path: ['rows', '1', 'tags'],
    message: 'must be at most 2 tags',
  })
})

test('accepts bodies of any type', () => {
  const bodies = operations.flatMap(({ body }) => body ?? [])
  const values = [null, 0, '', [], {}, { items: null }, [[[]]]]
  const found = bodies.flatMap((body) => values.map((value) => overfull(body, value)))
  expect(found.filter((one) => one !== undefined)).toEqual([])
})
