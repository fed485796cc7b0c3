import { describe, expect, test } from 'vitest'
import { ApiError } from './call.ts'
import { batchesOf, inTurn } from './in-turn.ts'

const refusal = (code: string) => new ApiError(403, { error: `refused: ${code}`, code, requestId: null })
const fine = (items: readonly number[]) => items.map((_, index) => ({ index, error: null }))

/** The items that each request sent, and the result of each item. */
async function sent(send: (items: readonly number[]) => Promise<{ index: number; error: string | null }[]>, rows: number) {
  const asked: (readonly number[])[] = []
  const outcomes: [number, string | null][] = []
  const batches = batchesOf(
    [1, 2, 3, 4, 5],
    (items) => {
      asked.push(items)
      return send(items)
    },
    rows,
  )
  await inTurn(batches, (item, error) => outcomes.push([item, error && error.message]))
  return { asked, outcomes }
}

describe('sends many items one request after another', () => {
  test('sends a limited number of items a request and reports each result', async () => {
    const { asked, outcomes } = await sent(
      async (items) => items.map((item, index) => ({ index, error: item === 4 ? 'the last owner' : null })),
      2,
    )
    expect(asked).toEqual([[1, 2], [3, 4], [5]])
    expect(outcomes).toEqual([
      [1, null],
      [2, null],
      [3, null],
      [4, 'the last owner'],
      [5, null],
    ])
  })
  test('sends the next request after one was refused as a whole', async () => {
    const { asked, outcomes } = await sent(async (items) => {
      if (items.includes(1)) throw refusal('forbidden')
      return fine(items)
    }, 3)
    expect(asked).toHaveLength(2)
    expect(outcomes.map(([, error]) => error)).toEqual([...Array(3).fill('refused: forbidden'), null, null])
  })
  test('asks a user who declines to confirm it’s them only once, and refuses the rest', async () => {
    const { asked, outcomes } = await sent(async (items) => {
      if (!items.includes(1)) throw refusal('reauthentication_required')
      return fine(items)
    }, 1)
    expect(asked).toEqual([[1], [2]])
    expect(outcomes.map(([, error]) => error)).toEqual([null, ...Array(4).fill('refused: reauthentication_required')])
  })
})
