import { expect, test } from 'vitest'
import { summaryOf } from './activity-words.ts'

const day = (date: string, people: number, tokens = 0, system = 0, more = false) => ({ date, people, tokens, system, more })

test('says in words what the chart shows', () => {
  expect(summaryOf([day('2026-11-11', 1), day('2026-11-12', 1200, 30, 1)])).toBe(
    '1,232 changes in the last 2 days: 1,201 by people, 30 by tokens, 1 by the system. The most on one day: 1,231, on November 12.',
  )
  expect(summaryOf([day('2026-11-11', 1)])).toMatch(/^1 change in/)
  expect(summaryOf([day('2026-11-11', 0), day('2026-11-12', 0)])).toBe('No changes in the last 2 days.')
})

test('says so where a day has more changes than were counted', () => {
  expect(summaryOf([day('2026-11-12', 1000, 0, 0, true)])).toBe(
    'At least 1,000 changes in the last 1 days: 1,000 by people, 0 by tokens, 0 by the system. The most on one day: more than 1,000, on November 12.',
  )
})
