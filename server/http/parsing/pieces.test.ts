import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AT_ONCE, assembly, piecesOf, sizeOf } from './pieces.ts'

/** Sends each piece through a structured clone, as between two threads. */
function handedOver(value: unknown) {
  const pieces = [...piecesOf(value)]
  const parts = assembly()
  for (const piece of pieces) parts.add(structuredClone(piece))
  return { pieces, value: parts.value() }
}

describe('a value handed over in pieces', () => {
  test('is the same on the other side, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(handedOver(value).value).toEqual(value)
      }),
    )
  })

  test('keeps large lists and objects, their order, and undefined', () => {
    const long = Array.from({ length: 40_000 }, (_, i) => ({ name: `n${i}`, labels: { a: 'x' }, state: undefined }))
    const wide = Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`key ${i}`, 'v'.repeat(100)]))
    const value = { first: 1, items: long, deep: [[long.slice(0, 9000), wide], []], text: 'x'.repeat(3 * AT_ONCE), last: null }
    const { pieces, value: same } = handedOver(value)
    expect(JSON.stringify(same)).toBe(JSON.stringify(value))
    expect((same as typeof value).items[0]).toStrictEqual(long[0])
    expect(pieces.length).toBeGreaterThan(10)
    const sizes = pieces.map((piece) => sizeOf(piece, Infinity)).toSorted((a, b) => a - b)
    // A single text may be larger: it is copied, not built.
    expect(sizes.at(-2)).toBeLessThan(2 * AT_ONCE)
  })

  test('goes in one piece when it is small', () => {
    expect([...piecesOf({ items: [1, 2] })]).toEqual([{ whole: { items: [1, 2] } }])
  })
})
