import { describe, expect, test } from 'vitest'
import { retryAfterOf } from './retry-after.ts'

const now = Date.parse('2026-11-30T12:00:00Z')

describe('Retry-After', () => {
  test.for([
    ['120', 120],
    [' 7 ', 7],
    ['999999999999999', 999_999_999_999_999],
    ['Mon, 30 Nov 2026 12:01:30 GMT', 90],
    ['Monday, 30-Nov-26 12:01:30 GMT', 90],
    ['Mon Nov 30 12:01:30 2026', 90],
    ['Wed, 30 Dec 2026 12:00:00 GMT', 30 * 86_400],
  ] as const)('%j waits %d seconds', ([text, seconds]) => expect(retryAfterOf(text, now)).toBe(seconds))

  test.for([
    undefined,
    '',
    '0',
    '-5',
    '1.5',
    '1e3',
    '0x10',
    'soon',
    '2027-01-01',
    'Mon',
    'Mon, 99 Foo 2026 12:00:00 GMT',
    'Sun, 29 Nov 2026 12:00:00 GMT',
    '120, 240',
    '9'.repeat(400),
    `Mon, ${'1 '.repeat(20_000)}`,
  ])('%j says nothing', (text) => expect(retryAfterOf(text, now)).toBeNull())
})
