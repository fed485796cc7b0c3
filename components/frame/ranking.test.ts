import { expect, test } from 'vitest'
import { ranked, scoreOf } from './ranking.ts'

const best = (labels: string[], text: string) =>
  ranked([{ items: labels.map((label) => ({ label })) }], text).flatMap(({ items }) => items.map(({ label }) => label))

test('puts what begins with the text first, then its words, then what contains it', () => {
  expect(best(['Retained', 'Data audit', 'Audit log', 'Authorize it'], 'au')).toEqual(['Audit log', 'Authorize it', 'Data audit'])
  expect(best(['unmember', 'Add member', 'Members'], 'memb')).toEqual(['Members', 'Add member', 'unmember'])
})

test('puts a label before hints and other words, and words in another order last', () => {
  const items = [
    { label: 'Ada', hint: 'tokens@acme.test' },
    { label: 'Rotate', keywords: ['new api-token'] },
    { label: 'Tokens' },
    { label: 'Personal tokens' },
  ]
  expect(ranked([{ items }], 'token')[0]!.items.map(({ label }) => label)).toEqual(['Tokens', 'Personal tokens', 'Ada', 'Rotate'])
  expect(best(['Create token', 'Create project', 'Revoke token'], 'token create')).toEqual(['Create token'])
  expect(best(['Personal tokens'], 'osa')).toEqual([])
})

test('puts the group with the best item first, and keeps the order of the others', () => {
  const groups = [
    { heading: 'Screens', items: [{ label: 'Recent Osaka' }] },
    { heading: 'Projects', items: [{ label: 'Tokyo' }] },
    { heading: 'Entities', items: [{ label: 'osaka' }] },
  ]
  expect(ranked(groups, 'osa').map(({ heading }) => heading)).toEqual(['Entities', 'Screens'])
  expect(ranked(groups, ' ')).toEqual(groups)
})

test('finds a name in either form of Unicode, and signs as they are', () => {
  expect(scoreOf({ label: 'Zoë' }, 'Zoe\u0308')).toBe(6)
  expect(scoreOf({ label: 'Zoe\u0308' }, 'ZOË')).toBe(6)
  expect(scoreOf({ label: '100%' }, '%')).toBe(4)
  expect(scoreOf({ label: 'Members' }, '%')).toBe(0)
})

test('finds nothing for a text that is longer than any name, and says so at once', () => {
  const started = performance.now()
  expect(scoreOf({ label: 'x'.repeat(100) }, 'x'.repeat(10_000))).toBe(0)
  expect(performance.now() - started).toBeLessThan(50)
})
