import { accountOf } from '#domain/limits/throttle'
import { cookiesOf, isSecure } from './session-cookie.ts'

const YEAR = 365 * 24 * 3600

/** One cookie for each account, so that people who share a browser do not overwrite each other's. */
const nameOf = (email: string) => `bulkhead-device-${accountOf(email).slice(0, 16)}`

/** The cookie of an earlier sign-in to this account in this browser. */
export const keptDevice = (request: Request, email: string) => cookiesOf(request).get(nameOf(email))

/** Its path limits it to the sign-in. */
export const deviceCookie = (email: string, text: string) =>
  `${nameOf(email)}=${text}; Path=/session; Max-Age=${YEAR}; HttpOnly; SameSite=Lax${isSecure() ? '; Secure' : ''}`
