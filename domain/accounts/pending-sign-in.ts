import { createHmac } from 'node:crypto'
import { newId } from '../ids.ts'
import { derivedKey } from '#config/settings'
import { signedPayload, signedText } from '../crypto/signed-text.ts'

/** How long the second step may take, in seconds. */
export const PENDING_SECONDS = 5 * 60

/** A sign-in whose password was right and whose second factor is still to come. `id` is spent when it comes. */
export type PendingSignIn = { id: string; userId: string; passwordMark: string }

/** Which password it was, without telling anything about it: another one voids what it began. */
export const markOf = (passwordHash: string) =>
  createHmac('sha256', derivedKey('password-mark')).update(passwordHash).digest('base64url').slice(0, 22)

export const pendingText = (user: { id: string }, passwordHash: string): string =>
  signedText('pending-sign-in', {
    i: newId(),
    u: user.id,
    x: String(Date.now() + PENDING_SECONDS * 1000),
    p: markOf(passwordHash),
  })

/** Undefined for one that is over, and for any other text. */
export function pendingSignIn(text: string | undefined, now: number = Date.now()): PendingSignIn | undefined {
  const payload = text === undefined ? undefined : signedPayload('pending-sign-in', text)
  if (!payload || Number(payload['x']) < now) return undefined
  return {
    id: payload['i']!,
    userId: payload['u']!,
    passwordMark: payload['p']!,
  }
}
