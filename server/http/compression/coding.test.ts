import { describe, expect, test } from 'vitest'
import { acceptedIn } from './coding.ts'

describe('acceptedIn', () => {
  test.for([
    [null, undefined],
    ['', undefined],
    [' ', undefined],
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['GZIP', 'gzip'],
    ['x-gzip', 'gzip'],
    ['deflate, zstd', undefined],
    ['identity', undefined],
    ['gzip;q=1, br;q=0.5', 'gzip'],
    ['br;q=0.5, gzip;q=0.5', 'br'],
    ['gzip ; q=0.001', 'gzip'],
    ['gzip;Q=0.7', 'gzip'],
    ['gzip;q=0', undefined],
    ['gzip;q=0.000, br', 'br'],
    ['*', 'br'],
    ['*, br;q=0', 'gzip'],
    ['*;q=0', undefined],
    ['*;q=0, gzip', 'gzip'],
    ['gzip;q=0.5, *;q=0.1', 'gzip'],
    ['identity, gzip;q=0.5', undefined],
    ['identity;q=0.5, gzip', 'gzip'],
    ['identity;q=0.5, gzip;q=0.5', 'gzip'],
    ['identity;q=0', undefined],
    ['identity;q=0, gzip', 'gzip'],
    ['identity;q=0, *', 'br'],
    // Elements that are not written as the standard says.
    ['gzip;q=2', undefined],
    ['gzip;q=-1, br;q=0.1', 'br'],
    ['gzip;q=0.1234', undefined],
    ['gzip;q=', undefined],
    ['gzip;level=9', undefined],
    ['gzip;q=1;q=0', undefined],
    [',,, ;, gzip', 'gzip'],
    ['gzip, gzip;q=0', undefined],
    ['gzіp', undefined],
  ] as const)('%j: %s', ([header, coding]) => expect(acceptedIn(header).coding).toBe(coding))

  test.for([
    ['gzip', false],
    ['identity;q=0', true],
    ['identity;q=0.0, gzip', true],
    ['*;q=0, gzip', true],
    ['*;q=0, identity', false],
    ['*;q=0, identity;q=0.1', false],
    [null, false],
  ] as const)('%j refuses the plain text: %s', ([header, refuses]) => expect(acceptedIn(header).refusesPlain).toBe(refuses))

  test('reads the longest header that a request may have, in a moment', () => {
    const header = `${'gzip;q=0.5,'.repeat(2900)}br`
    const begin = performance.now()
    expect(acceptedIn(header).coding).toBe('br')
    expect(acceptedIn(';'.repeat(32_000)).coding).toBeUndefined()
    expect(performance.now() - begin).toBeLessThan(1000)
  })
})
