import { describe, expect, test } from 'vitest'
import { isAllowedFrom } from './allowed-addresses.ts'
import { areWithin } from './address-ranges.ts'

describe('networks that contain other networks', () => {
  test.for([
    [['203.0.113.7'], ['203.0.113.7'], true],
    [['203.0.113.7/32'], ['203.0.113.7'], true],
    [['203.0.113.8'], ['203.0.113.7'], false],
    [['203.0.113.0/25'], ['203.0.113.0/24'], true],
    [['203.0.113.0/24'], ['203.0.113.0/25'], false],
    [['203.0.113.200/24'], ['203.0.113.0/25'], false],
    [['203.0.113.0/24'], ['203.0.113.0/25', '203.0.113.128/25'], true],
    [['203.0.113.0/24'], ['203.0.113.0/25', '203.0.113.129/25', '198.51.100.0/24'], true],
    [['203.0.113.0/24'], ['203.0.113.0/26', '203.0.113.128/25'], false],
    [['203.0.113.0/24', '198.51.100.1'], ['203.0.113.0/24'], false],
    [['0.0.0.0/0'], ['0.0.0.0/1', '128.0.0.0/1'], true],
    [['0.0.0.0/0'], ['203.0.113.0/24'], false],
    [['2001:db8:1::/48'], ['2001:DB8::/32'], true],
    [['2001:db8::1'], ['2001:0db8:0000:0000:0000:0000:0000:0001'], true],
    [['2001:db8::/31'], ['2001:db8::/32'], false],
    [['::/0'], ['2001:db8::/32'], false],
    [['::ffff:203.0.113.7'], ['203.0.113.0/24'], true],
    [['203.0.113.7'], ['::ffff:203.0.113.0/120'], true],
    [['203.0.113.7'], ['::/0'], true],
    [['::/0'], ['0.0.0.0/0'], false],
    [[], ['203.0.113.7'], true],
  ] as const)('%j in %j: %s', ([networks, outer, expected]) => {
    expect(areWithin(networks, outer)).toBe(expected)
  })

  test('reads networks as the list of a token does', () => {
    const outers = [
      '203.0.113.0/24',
      '::ffff:203.0.113.0/120',
      '::/0',
      '2001:db8::/32',
      '203.0.113.7',
      '0.0.0.0/0',
      '::ffff:0:0/96',
    ]
    const addresses = ['203.0.113.7', '::ffff:203.0.113.7', '198.51.100.1', '2001:db8::1', '2001:db9::1']
    for (const outer of outers)
      for (const address of addresses)
        expect([address, outer, areWithin([address], [outer])]).toEqual([address, outer, isAllowedFrom([outer], address)])
  })
})
