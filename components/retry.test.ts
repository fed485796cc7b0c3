import { expect, test } from 'vitest'
import { retryDelay, worthRetrying } from './retry.ts'

const refusal = (status: number, retryAfter: number | null = null) => Object.assign(new Error('x'), { status, retryAfter })

test.for([
  ['a refusal', refusal(409), [false, false, false]],
  ['no answer', refusal(0), [false, false, false]],
  ['a fault of the server', refusal(500), [true, true, false]],
  ['a database that is away', refusal(503, 1), [true, true, false]],
  ['too many requests', refusal(429, 3), [true, false, false]],
  ['too many requests for minutes', refusal(429, 600), [false, false, false]],
  ['too many requests, who knows how long', refusal(429), [false, false, false]],
  ['a bug of ours', new TypeError('x'), [true, true, false]],
] as const)('limits retries after %s', ([, error, again]) => {
  expect([0, 1, 2].map((failures) => worthRetrying(failures, error))).toEqual(again)
})

test('waits as long as the server says, else longer each time', () => {
  expect([0, 1].map((failures) => retryDelay(failures, refusal(429, 7)))).toEqual([7000, 7000])
  expect([0, 1].map((failures) => retryDelay(failures, refusal(500)))).toEqual([1000, 2000])
})
