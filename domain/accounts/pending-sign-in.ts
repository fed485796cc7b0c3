import { createHmac } from 'node:crypto'
import { newId } from '../ids.ts'
import { derivedKey } from '#config/settings'
import { signedPayload, signedText } from '../crypto/signed-text.ts'

/** How long the second step may take, in seconds. */
export const PENDING_SECONDS = 5 * 60

/** A sign-in with the right password that still needs a second factor. Completing it spends `id`. */
export type PendingSignIn = { id: string; userId: string; passwordMark: string }

/** Identifies the password without revealing anything about it: changing the password voids pending sign-ins. */
export const markOf = (passwordHash: string) =>
  createHmac('sha256', derivedKey('password-mark')).update(passwordHash).digest('base64url').slice(0, 22)

export const pendingText = (user: { id: string }, passwordHash: string): string =>
  signedText('pending-sign-in', {
    i: newId(),
    u: user.id,
    x: String(Date.now() + PENDING_SECONDS * 1000),
    p: markOf(passwordHash),
  })

/** Undefined for an expired text and for any other text. */
export function pendingSignIn(text: string | undefined, now: number = Date.now()): PendingSignIn | undefined {
  const payload = text === undefined ? undefined : signedPayload('pending-sign-in', text)
  if (!payload || Number(payload['x']) < now) return undefined
  return {
    id: payload['i']!,
    userId: payload['u']!,
    passwordMark: payload['p']!,
  }
}
