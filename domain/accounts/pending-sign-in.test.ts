import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { markOf, pendingSignIn, pendingText } from './pending-sign-in.ts'
import { signedText } from '../crypto/signed-text.ts'

beforeEach(() => vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long'))
afterEach(() => vi.unstubAllEnvs())

const user = { id: '019aa000-0000-7000-8000-000000000000' }
const minutes = (n: number) => Date.now() + n * 60_000

test('a sign-in waits five minutes for its second step', () => {
  const text = pendingText(user, 'hash')
  expect(pendingSignIn(text, minutes(4.9))).toMatchObject({ userId: user.id, passwordMark: markOf('hash') })
  expect(pendingSignIn(text, minutes(5.1))).toBeUndefined()
})

test('every text differs, and none reveals the password hash', () => {
  expect(pendingText(user, 'hash')).not.toBe(pendingText(user, 'hash'))
  expect(markOf('hash')).not.toBe(markOf('another'))
  expect(Buffer.from(pendingText(user, 'hash').split('.')[0]!, 'base64url').toString()).not.toContain('hash')
})

test('refuses a text signed for another purpose', () => {
  const claims = { i: 'x', u: user.id, x: String(minutes(5)), p: markOf('hash') }
  expect(pendingSignIn(signedText('pending-sign-in', claims))).toMatchObject({ userId: user.id })
  for (const text of [signedText('device', claims), signedText('invitation', claims), '', 'x.y', undefined])
    expect(pendingSignIn(text)).toBeUndefined()
})
