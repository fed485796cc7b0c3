import { expect, test } from 'vitest'
import { AllowedAddresses } from '#contract/tokens/tokens'
import { isAllowedFrom } from './allowed-addresses.ts'

const office = ['203.0.113.7', '198.51.100.0/24', '2001:db8:1::/48', '2001:db8:2::7']

test.for([
  ['203.0.113.7', true],
  ['::ffff:203.0.113.7', true],
  ['203.0.113.8', false],
  ['198.51.100.255', true],
  ['198.51.101.0', false],
  ['2001:db8:1:ffff::1', true],
  ['2001:DB8:1:0::1', true],
  ['2001:db8:2::7', true],
  ['2001:db8:2::8', false],
  ['::ffff:192.0.2.1', false],
  ['nowhere', false],
  ['', false],
  [null, false],
] as const)('%s: %s', ([address, allowed]) => {
  expect(isAllowedFrom(office, address)).toBe(allowed)
  expect(isAllowedFrom([], address)).toBe(true)
})

test.for(['0.0.0.0/0', '10.1.2.3/8', '::/0', '::1', '255.255.255.255/32', '2001:db8::/128'])('accepts %s', (one) => {
  expect(AllowedAddresses.parse([one])).toEqual([one])
  expect(() => isAllowedFrom([one], '192.0.2.1')).not.toThrow()
})

test.for([
  '',
  'localhost',
  '10.0.0',
  '10.0.0.0/33',
  '10.0.0.256',
  '2001:db8::/129',
  '2001:db8::g',
  '10.0.0.0/',
  '10.0.0.0/-1',
  '*',
])('refuses %s', (one) => {
  expect(AllowedAddresses.safeParse([one]).error?.issues[0]?.message).toMatch(/^must be an IP address or network such as/)
})
