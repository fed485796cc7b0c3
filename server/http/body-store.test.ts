import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bodyLimits } from './body-limits.ts'
import { type Body, bodiesHeld, createStore } from './body-store.ts'

const sender = { owners: ['organization', 'caller'], isProven: true }

async function read(body: Body): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of body.pieces()) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces)
}

/** Adds the bytes in pieces of this length, and waits as a source with backpressure does. */
async function stored(bytes: Buffer, pieceBytes: number, isDeclared: boolean) {
  const store = createStore(bodyLimits.whole, sender, isDeclared ? bytes.byteLength : Number.NaN)
  for (let at = 0; at < bytes.byteLength; at += pieceBytes) await store.add(bytes.subarray(at, at + pieceBytes))
  return { bytes, store }
}

const lengths = fc.oneof(
  fc.integer({ min: 1, max: 200_000 }),
  fc.constantFrom(
    1,
    1024,
    65_535,
    65_536,
    65_537,
    131_072,
    bodyLimits.memory - 1,
    bodyLimits.memory,
    bodyLimits.memory + 1,
    3_000_000,
  ),
)

test('keeps the bytes of every body apart, however they arrive and whichever bodies end meanwhile', async () => {
  const body = fc.record({
    length: lengths,
    pieceBytes: fc.integer({ min: 700, max: 70_000 }),
    isDeclared: fc.boolean(),
    ends: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(body, { minLength: 2, maxLength: 6 }), async (bodies) => {
      const stores = await Promise.all(
        bodies.map(async ({ length, pieceBytes, isDeclared, ends }) => {
          const one = await stored(randomBytes(length), pieceBytes, isDeclared)
          if (ends) await one.store.close()
          return { ...one, ends }
        }),
      )
      for (const { store, bytes, ends } of stores) {
        if (ends) continue
        const whole = (await store.finish())!
        expect(whole.size).toBe(bytes.byteLength)
        expect((await whole.load()).equals(bytes)).toBe(true)
        expect((await read(whole)).equals(bytes)).toBe(true)
        expect(await whole.digest()).toEqual(createHash('sha256').update(bytes).digest())
        await whole.close()
      }
      expect(bodiesHeld()).toEqual({ memory: 0, disk: 0 })
    }),
    { numRuns: 40 },
  )
})

test('a closed body can’t be read, because another one may fill its memory', async () => {
  const { store } = await stored(randomBytes(100_000), 10_000, true)
  const body = (await store.finish())!
  const pieces = body.pieces()[Symbol.asyncIterator]()
  await pieces.next()
  await body.close()
  const next = await stored(randomBytes(100_000), 10_000, true)
  await expect(pieces.next()).rejects.toThrow('after it was closed')
  await expect(body.load()).rejects.toThrow('after it was closed')
  await next.store.close()
})

test('a body that ends while it is written to its file leaves nothing behind', async () => {
  const store = createStore(bodyLimits.whole, sender, Number.NaN)
  await store.add(randomBytes(bodyLimits.memory))
  const written = store.add(randomBytes(1))
  const closed = store.close()
  await Promise.allSettled([written, closed])
  expect(bodiesHeld()).toEqual({ memory: 0, disk: 0 })
})

test('memory is counted as it is taken: a short body takes little more than its length', async () => {
  for (const [length, most] of [
    [1, 1],
    [3000, 3000],
    [100_000, 131_072],
  ] as const) {
    const { store } = await stored(randomBytes(length), 1000, true)
    expect(bodiesHeld().memory).toBeLessThanOrEqual(most)
    await store.close()
  }
})
