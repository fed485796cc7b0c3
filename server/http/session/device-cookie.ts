import { accountOf } from '#domain/limits/throttle'
import { cookiesOf, isSecure } from './session-cookie.ts'

const YEAR = 365 * 24 * 3600

/** One for each account, so that people who share a browser do not take it from each other. */
const nameOf = (email: string) => `bulkhead-device-${accountOf(email).slice(0, 16)}`

/** What this browser keeps of an earlier sign-in to the account of this email. */
export const keptDevice = (request: Request, email: string) => cookiesOf(request).get(nameOf(email))

/** Sent back to the sign-in alone. */
export const deviceCookie = (email: string, text: string) =>
  `${nameOf(email)}=${text}; Path=/session; Max-Age=${YEAR}; HttpOnly; SameSite=Lax${isSecure() ? '; Secure' : ''}`
