import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inTurns, mapInTurns, sortInTurns } from './give-way.ts'

test('sorting in turns sorts, and keeps the order of equal keys', async () => {
  const items = fc.array(fc.record({ key: fc.string({ maxLength: 2 }), n: fc.nat() }), { maxLength: 50 })
  await fc.assert(
    fc.asyncProperty(items, fc.integer({ min: 1, max: 200 }), async (some, times) => {
      const many = Array.from({ length: times }, () => some).flat()
      const sorted = many.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      expect(await sortInTurns(many, ({ key }) => key)).toEqual(sorted)
    }),
    { numRuns: 50 },
  )
})

test('a long loop lets others run in between, and a short one does not wait', async () => {
  let others = 0
  const beat = setInterval(() => others++, 1)
  const spin = (ms: number) => {
    for (const until = performance.now() + ms; performance.now() < until;);
  }
  for await (const ms of inTurns(Array(20).fill(4))) spin(ms as number)
  clearInterval(beat)
  expect(others).toBeGreaterThan(3)

  let immediates = 0
  setImmediate(() => immediates++)
  expect(await mapInTurns([1, 2, 3], (n) => n * 2)).toEqual([2, 4, 6])
  expect(immediates).toBe(0)
})
