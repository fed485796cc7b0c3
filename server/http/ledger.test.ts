import { expect, test } from 'vitest'
import { type Ledger, createLedger } from './ledger.ts'

const sentences = { own: 'You hold too much', all: 'All hold too much' }
const bounded = () => createLedger({ own: 10, all: 100 }, sentences)

/** Takes a byte at a time until the first refusal. */
function takeAll(ledger: Ledger, owners: string[]): void {
  const takesOn = () => {
    for (;;) ledger.take(owners, 1)
  }
  expect(takesOn).toThrow('You hold too much')
}

test('limits what one owner holds', () => {
  const ledger = bounded()
  ledger.take(['a'], 10)
  expect(() => ledger.take(['a'], 1)).toThrow('You hold too much')
  ledger.give(['a'], 10)
  ledger.take(['a'], 10)
  expect(ledger.total()).toBe(10)
})

test('leaves a tenth for others when ten owners take all they can', () => {
  const ledger = createLedger({ own: 10_000, all: 10_000 }, sentences)
  for (let owner = 0; owner < 10; owner++) takeAll(ledger, [`greedy ${owner}`])
  expect(10_000 - ledger.total()).toBeGreaterThan(1000)
  ledger.take(['honest'], 100)
})

test('counts the callers of an organization together, and leaves room for its next caller', () => {
  const ledger = bounded()
  takeAll(ledger, ['acme', 'greedy'])
  expect(ledger.held('acme')).toBe(5)
  ledger.take(['acme', 'another'], 2)
  expect(() => ledger.take(['acme', 'another'], 1)).toThrow('You hold too much')
  ledger.take(['globex', 'theirs'], 5)
  ledger.give(['acme', 'greedy'], 5)
  expect(ledger.held('acme')).toBe(2)
  expect(ledger.held('greedy')).toBe(0)
})

test('counts what can no longer be refused', () => {
  const ledger = bounded()
  ledger.hold(['a'], 105)
  expect(() => ledger.take(['b'], 1)).toThrow('All hold too much')
  ledger.give(['a'], 105)
  ledger.take(['b'], 1)
  expect(ledger.total()).toBe(1)
})
