import { expect, test } from 'vitest'
import { networkOf, pauseAfter } from './throttle.ts'

test('pauses grow from 30 seconds to 15 minutes', () => {
  expect([1, 4, 5, 6, 7, 8, 9, 10, 11, 5000].map((failures) => pauseAfter('account', failures))).toEqual([
    0, 0, 30, 60, 120, 240, 480, 900, 900, 900,
  ])
  expect([pauseAfter('device', 9), pauseAfter('device', 10), pauseAfter('address', 49), pauseAfter('address', 50)]).toEqual([
    0, 30, 0, 30,
  ])
})

test('an hour of constant tries makes fewer than twenty at one account', () => {
  let seconds = 0
  let tries = 0
  for (; seconds < 3600; tries++) seconds += pauseAfter('account', tries + 1)
  expect(tries).toBeLessThan(20)
})

test.for([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:0DB8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
] as const)('%s is counted as %s', ([address, network]) => {
  expect(networkOf(address)).toBe(network)
})
