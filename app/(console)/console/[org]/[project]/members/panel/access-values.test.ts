import { expect, test } from 'vitest'
import { type AccessValues, changeOf, collision, differences, inWords, withFields } from './access-values.ts'

const whole: AccessValues = { role: 'member', envName: null, cellScopes: null, expiresAt: null }

test('finds no difference in the order of cells, a repeated cell, or the notation of a time', () => {
  const before = { ...whole, cellScopes: ['asia', 'europe'], expiresAt: '2027-01-01T00:00:00.000000Z' }
  const after = { ...whole, cellScopes: ['europe', 'asia', 'asia'], expiresAt: '2027-01-01T01:00:00+01:00' }
  expect(differences(before, after)).toEqual([])
  expect(changeOf(before, after)).toEqual({})
})

test('tells all cells from none, and sends only what changed', () => {
  const after = { ...whole, cellScopes: [], role: 'viewer' as const }
  expect(changeOf(whole, after)).toEqual({ role: 'viewer', cellScopes: [] })
})

test('keeps what two people changed in different fields', () => {
  const mine = { ...whole, cellScopes: ['europe'] }
  const theirs = { ...whole, role: 'viewer' as const }
  expect(collision(whole, mine, theirs)).toEqual({ mine: { ...whole, role: 'viewer', cellScopes: ['europe'] }, both: [] })
})

test('names the fields that two people changed to different values, and not those that they agree on', () => {
  const mine = { ...whole, role: 'admin' as const, envName: 'production', cellScopes: ['asia', 'europe'] }
  const theirs = { ...whole, role: 'viewer' as const, envName: 'production', cellScopes: ['europe', 'asia'] }
  const { both, mine: kept } = collision(whole, mine, theirs)
  expect(both).toEqual(['role'])
  expect(kept).toEqual(mine)
  expect(withFields(kept, theirs, both)).toEqual({ ...mine, role: 'viewer' })
})

test('says values in words, and counts what is too long to name', () => {
  const say = (cellScopes: string[] | null) => inWords.cellScopes({ ...whole, cellScopes })
  expect([say(null), say([]), say(['a', 'b', 'c', 'd', 'e']), say(['a', 'b', 'c', 'd', 'e', 'f'])]).toEqual([
    'All cells',
    'No cells',
    'a, b, c, d, e',
    'a, b, c, d and 2 more',
  ])
  expect(inWords.role(whole)).toBe('Member')
  expect(inWords.envName(whole)).toBe('All environments')
  expect(inWords.expiresAt({ ...whole, expiresAt: '2027-01-01T00:00:00.000000Z' })).toBe('2027-01-01 00:00:00 UTC')
})
