import { describe, expect, test } from 'vitest'
import { ApiError } from './call.ts'
import { batchesOf, inTurn } from './in-turn.ts'

const refusal = (code: string) => new ApiError(403, { error: `refused: ${code}`, code, requestId: null })
const fine = (items: readonly number[]) => items.map((_, index) => ({ index, error: null }))

/** What was sent, and what each was told. */
async function sent(send: (items: readonly number[]) => Promise<{ index: number; error: string | null }[]>, rows: number) {
  const asked: (readonly number[])[] = []
  const told: [number, string | null][] = []
  const batches = batchesOf(
    [1, 2, 3, 4, 5],
    (items) => {
      asked.push(items)
      return send(items)
    },
    rows,
  )
  await inTurn(batches, (item, error) => told.push([item, error && error.message]))
  return { asked, told }
}

describe('many, one request after the other', () => {
  test('so many at a time, and each hears how it went', async () => {
    const { asked, told } = await sent(
      async (items) => items.map((item, index) => ({ index, error: item === 4 ? 'the last owner' : null })),
      2,
    )
    expect(asked).toEqual([[1, 2], [3, 4], [5]])
    expect(told).toEqual([
      [1, null],
      [2, null],
      [3, null],
      [4, 'the last owner'],
      [5, null],
    ])
  })
  test('what is refused as a whole does not keep the next from being sent', async () => {
    const { asked, told } = await sent(async (items) => {
      if (items.includes(1)) throw refusal('forbidden')
      return fine(items)
    }, 3)
    expect(asked).toHaveLength(2)
    expect(told.map(([, error]) => error)).toEqual([...Array(3).fill('refused: forbidden'), null, null])
  })
  test('who would not prove himself again is asked once, and the rest is refused', async () => {
    const { asked, told } = await sent(async (items) => {
      if (!items.includes(1)) throw refusal('reauthentication_required')
      return fine(items)
    }, 1)
    expect(asked).toEqual([[1], [2]])
    expect(told.map(([, error]) => error)).toEqual([null, ...Array(4).fill('refused: reauthentication_required')])
  })
})
