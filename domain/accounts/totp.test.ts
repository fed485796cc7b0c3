import { expect, test } from 'vitest'
import { judgeCode, newTotpSecret, presentTotp } from './totp.ts'

/** RFC 6238, appendix B, SHA-1; the last six of its eight digits. */
const secret = Buffer.from('12345678901234567890')
const known = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
] as const

test.for(known)('at second %d the code is %s', ([second, code]) => {
  expect(judgeCode(secret, code, null, second * 1000)).toEqual({ kind: 'right', step: Math.floor(second / 30) })
})

test('accepts a code in its 30 seconds and the steps beside it, then calls it too old, then wrong', () => {
  const at = (second: number) => judgeCode(secret, '081804', null, second * 1000).kind
  const [start, end] = [1111111080, 1111111110]
  expect([start - 31, start - 30, start, end - 1, end + 29, end + 30].map(at)).toEqual([
    'wrong',
    'right',
    'right',
    'right',
    'right',
    'expired',
  ])
  expect(at(end + 5 * 60 - 1)).toBe('expired')
  expect(at(end + 5 * 60)).toBe('wrong')
})

test('accepts no code twice, nor one older than the last accepted', () => {
  const step = Math.floor(1111111109 / 30)
  expect(judgeCode(secret, '081804', step - 1, 1111111109_000)).toEqual({ kind: 'right', step })
  for (const last of [step, step + 1]) expect(judgeCode(secret, '081804', last, 1111111109_000)).toEqual({ kind: 'used' })
})

test('refuses any other text', () => {
  for (const text of ['', '81804', '0081804', '08180４', '0x1804', ' 081804']) {
    expect(judgeCode(secret, text, null, 1111111109_000).kind, text).toBe('wrong')
  }
})

test('a secret has 160 random bits, and a URI that apps read', () => {
  const fresh = newTotpSecret()
  expect(fresh).toHaveLength(20)
  expect(newTotpSecret().equals(fresh)).toBe(false)
  expect(presentTotp(secret, 'ada@acme.test')).toEqual({
    secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    uri: 'otpauth://totp/Bulkhead:ada%40acme.test?issuer=Bulkhead&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30',
  })
})
