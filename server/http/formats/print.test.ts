import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ApplyResult } from '#contract/apply/apply'
import { longestPause } from '#test/support/http/heartbeat'
import { cutPage } from '../page.ts'
import { print, textOf } from './print.ts'

const Row = z.object({ kind: z.string(), name: z.string(), changes: z.record(z.string(), z.json()).optional() })
const Answer = z.object({
  rows: Row.array(),
  maybe: z.array(z.string()).nullable().optional(),
  nested: z.object({ lists: z.array(z.array(z.number())), trimmed: z.string().trim() }),
  filled: z.string().default('as ever'),
  checked: z.array(z.string()).refine((list) => list.length !== 1, 'must not be alone'),
})

/** Without the key that zod leaves out of every object. */
const json = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('"__proto__"'))

const row = fc.record(
  {
    kind: fc.string(),
    name: fc.string(),
    changes: fc.dictionary(fc.string(), json).filter((changes) => !Object.hasOwn(changes, '__proto__')),
    surplus: fc.anything(),
  },
  { requiredKeys: ['kind', 'name'] },
)
const answer = fc.record(
  {
    rows: fc.array(row, { maxLength: 5 }).chain((some) => fc.constantFrom(0, 1, 100).map((n) => Array(n).fill(some).flat())),
    maybe: fc.option(fc.array(fc.string())),
    nested: fc.record({
      lists: fc.array(fc.array(fc.integer())).map((some) => Array(300).fill(some).flat()),
      trimmed: fc.constant(' x '),
    }),
    filled: fc.string(),
    checked: fc.constant(['a', 'b']),
    surplus: fc.anything(),
  },
  { requiredKeys: ['rows', 'nested', 'checked'] },
)

describe('a large answer', () => {
  test('has the same bytes as when it is printed at once', async () => {
    await fc.assert(
      fc.asyncProperty(answer, async (result) => {
        const { output, body } = await print(Answer, result)
        expect(body.toString()).toBe(JSON.stringify(Answer.parse(result)))
        expect(output).toMatchObject({ checked: result.checked, nested: { trimmed: 'x' } })
      }),
      { numRuns: 60 },
    )
  })

  test('is cut after the item that fills it, and every item shows what the contract names alone', async () => {
    const item = {
      name: 'n'.repeat(30_000),
      cells: Array.from({ length: 300 }, () => ({ name: 'cell', secret: 'x' })),
      secret: 'x',
    }
    const items = Array.from({ length: 200 }, () => item)
    const Listed = z.object({ name: z.string(), cells: z.object({ name: z.string() }).array() })
    const { body } = await print(Listed.array(), items)
    const cut = cutPage(body, { items, next: null, cursorAfter: String }, (one) => textOf(Listed, one))
    const shown = JSON.parse(cut.body.toString()) as unknown[]
    expect(shown.length).toBeLessThan(200)
    expect(cut.next).toBe(String(shown.length - 1))
    expect(new Set(shown.map((one) => JSON.stringify(one)))).toEqual(new Set([JSON.stringify(Listed.parse(item))]))
  })

  test('is printed once when it never changes', async () => {
    const shape = z.looseObject({})
    const document = Object.freeze({ title: 'API' })
    expect((await print(shape, document)).output).toBe((await print(shape, document)).output)
    expect((await print(shape, { ...document })).output).not.toBe((await print(shape, document)).output)
  })

  test('is refused when it does not fit its shape, however long it is', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => ({ kind: 'k', name: i === 499 ? 1 : 'n' }))
    const nested = { lists: [], trimmed: '' }
    await expect(print(Answer, { rows, nested, checked: [] })).rejects.toBeInstanceOf(z.ZodError)
    await expect(print(Answer, { rows: rows.slice(0, 499), nested, checked: ['one'] })).rejects.toBeInstanceOf(z.ZodError)
    await expect(print(Answer, { rows: rows.slice(0, 499) })).rejects.toBeInstanceOf(z.ZodError)
  })

  test('of a hundred thousand entries is printed without blocking the event loop', async () => {
    const named = Array.from({ length: 100_000 }, (_, i) => ({ kind: 'Entity', name: `node-${i}` }))
    const changed = named.map((one) => ({ ...one, changes: { state: { before: 'up', after: { down: [1, 2, 3] } } } }))
    const diff = { created: named, updated: changed, unchanged: [], deleted: [] }
    const result = { succeeded: named, failed: [], skipped: [], diff, dryRun: false, revisionId: null }
    const whole = JSON.stringify(ApplyResult.parse(result))
    const { result: printed, pause } = await longestPause(() => print(ApplyResult, result))
    expect(Buffer.isBuffer(printed.body) && printed.body.equals(Buffer.from(whole))).toBe(true)
    expect(pause).toBeLessThan(150)
  })
})
