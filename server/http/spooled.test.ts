import { expect, test } from 'vitest'
import { createLedger } from './ledger.ts'
import { bodyOf, spooled } from './spooled.ts'

const KIB = 1024
const departure = new AbortController().signal

test('counts the files of an organization together until they are read, and leaves room to others', async () => {
  const ledger = createLedger({ own: 256 * KIB, all: 4096 * KIB }, { own: 'You hold too much', all: 'All hold too much' })
  async function* texts() {
    for (let i = 0; i < 20; i++) yield 'x'.repeat(10 * KIB)
  }
  const exported = (owner: string) => spooled({ what: 'export', owner, departure }, async () => texts(), ledger)

  const first = await exported('acme')
  expect(ledger.held('acme')).toBe(200 * KIB)
  await expect(exported('acme')).rejects.toThrow('You hold too much')
  expect(ledger.held('acme')).toBe(200 * KIB)
  const theirs = await exported('globex')

  expect(await new Response(bodyOf(first, () => {}) as never).text()).toBe('x'.repeat(200 * KIB))
  expect(ledger.held('acme')).toBe(0)
  await (await exported('acme')).close()
  await bodyOf(theirs, () => {}).cancel()
  expect(ledger.total()).toBe(0)
})
