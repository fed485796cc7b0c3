import { describe, expect, test } from 'vitest'
import { DomainError } from './errors.ts'
import { idCursor, nameCursor, timeCursor, toPage } from './paging.ts'

const id = '0199f0a2-7e1f-7000-8000-000000000000'
const time = '2026-11-21T20:04:46.123456Z'
const forge = (key: unknown) => Buffer.from(typeof key === 'string' ? key : JSON.stringify(key)).toString('base64url')

function isRefused(read: () => unknown): boolean {
  try {
    read()
    return false
  } catch (error) {
    return error instanceof DomainError && error.code === 'invalid_request'
  }
}

describe('toPage', () => {
  const page = (rows: string[], limit: number) =>
    toPage(
      rows.map((name) => ({ name })),
      limit,
      ({ name }) => [name],
      ({ name }) => name.toUpperCase(),
    )

  test('cuts the extra row and points past the last one shown', () => {
    const { items, next } = page(['a', 'b', 'c'], 2)
    expect(items).toEqual(['A', 'B'])
    expect(JSON.parse(Buffer.from(next!, 'base64url').toString())).toEqual(['b'])
  })

  test('has no next when nothing is left', () => {
    expect(page(['a', 'b'], 2)).toEqual({ items: ['A', 'B'], next: null })
    expect(page([], 2)).toEqual({ items: [], next: null })
  })
})

describe('cursors', () => {
  test('return the key that they were made of, and undefined when there is none', () => {
    expect(idCursor(forge([id]))).toBe(id)
    expect(timeCursor(forge([time, 'a']))).toEqual({ createdAt: time, key: 'a' })
    expect(nameCursor(forge(['Ä b', id]))).toEqual({ name: 'Ä b', id })
    expect([idCursor(undefined), timeCursor(undefined), nameCursor(undefined)]).toEqual([undefined, undefined, undefined])
  })

  test.for([
    '',
    'x',
    '[',
    forge('['),
    forge('null'),
    forge({}),
    forge([]),
    forge([1]),
    forge([id, id, id]),
    forge(['\0', id]),
    forge([null, id]),
  ])('%j is refused everywhere', (cursor) => {
    expect([idCursor, timeCursor, nameCursor].map((read) => isRefused(() => read(cursor)))).toEqual([true, true, true])
  })

  test.for([
    '2026-02-31T00:00:00.000000Z',
    '0000-01-01T00:00:00.000000Z',
    '2026-11-21T20:04:46Z',
    '2026-11-21',
    '20:04',
    'infinity',
  ])('refuses %s as a time', (text) => {
    expect(isRefused(() => timeCursor(forge([text, 'a'])))).toBe(true)
  })
})
