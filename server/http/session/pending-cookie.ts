import { PENDING_SECONDS } from '#domain/accounts/pending-sign-in'
import { CHALLENGE_SECONDS } from '#domain/accounts/webauthn'
import { cookiesOf, isSecure } from './session-cookie.ts'

/** Cookies between the steps of one sign-in. Sent only to the sign-in and only by our own pages. */
const names = { pending: 'bulkhead-second-step', attempt: 'bulkhead-passkey-attempt' } as const

const cookie = (name: string, text: string, seconds: number) =>
  `${name}=${text}; Path=/session; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isSecure() ? '; Secure' : ''}`

/** The password was right; the second factor is still missing. */
export const pendingCookie = (text: string) => cookie(names.pending, text, PENDING_SECONDS)

export const noPendingCookie = () => cookie(names.pending, '', 0)

export const pendingOf = (request: Request) => cookiesOf(request).get(names.pending)

/** Binds the passkey challenge to the browser that asked for it. */
export const attemptCookie = (text: string) => cookie(names.attempt, text, CHALLENGE_SECONDS)

export const attemptOf = (request: Request) => cookiesOf(request).get(names.attempt)
