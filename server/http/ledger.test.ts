import { expect, test } from 'vitest'
import { createLedger } from './ledger.ts'

const sentences = { own: 'You hold too much', all: 'All hold too much' }

test('limits what one owner holds, and what all hold together', () => {
  const ledger = createLedger({ own: 10, all: 15 }, sentences)
  ledger.take('a', 10)
  expect(() => ledger.take('a', 1)).toThrow('You hold too much')
  ledger.take('b', 5)
  expect(() => ledger.take('b', 1)).toThrow('All hold too much')
  ledger.give('a', 10)
  ledger.take('b', 5)
  expect(ledger.total()).toBe(10)
})

test('counts what can no longer be refused', () => {
  const ledger = createLedger({ own: 10, all: 15 }, sentences)
  ledger.hold('a', 20)
  expect(() => ledger.take('b', 1)).toThrow('All hold too much')
  ledger.give('a', 20)
  ledger.take('b', 1)
  expect(ledger.total()).toBe(1)
})
