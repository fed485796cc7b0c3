import { decode, encode } from 'next-auth/jwt'
import { nextAuth } from '#config/settings'
import { isId } from '#domain/ids'
import { SESSION_HOURS, type SignedIn } from '#domain/accounts/sign-in'

/** Over https, the prefix makes the browser reject this cookie from any other host and from plain connections. */
const secureName = '__Host-next-auth.session-token'
const plainName = 'next-auth.session-token'
const SECONDS = SESSION_HOURS * 3600

/** Decided as in next-auth, which reads the same cookie. */
export const isSecure = () => nextAuth.url().startsWith('https://')

export const sessionCookieName = () => (isSecure() ? secureName : plainName)

export function cookiesOf(request: Request): Map<string, string> {
  const cookies = new Map<string, string>()
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const equals = pair.indexOf('=')
    if (equals > 0) cookies.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim())
  }
  return cookies
}

/** Joins a long cookie, which next-auth splits into `.0`, `.1`, …. */
function sessionToken(cookies: Map<string, string>): string | undefined {
  const name = sessionCookieName()
  const whole = cookies.get(name)
  if (whole) return whole
  let joined = ''
  for (let i = 0; cookies.has(`${name}.${i}`); i++) joined += cookies.get(`${name}.${i}`)
  return joined || undefined
}

/**
 * The session id in a request's cookie; the database decides whether it is alive. Undefined without a cookie or for a forged one.
 */
export async function sessionIdOf(request: Request): Promise<string | undefined> {
  const token = request.headers.has('cookie') ? sessionToken(cookiesOf(request)) : undefined
  const secret = nextAuth.secret()
  if (!token || !secret) return undefined
  try {
    const payload = await decode({ token, secret })
    const id = payload?.['sid']
    return typeof id === 'string' && isId(id) ? id : undefined
  } catch {
    return undefined
  }
}

/** The cookie of a new session, encrypted as next-auth does. */
export async function sessionCookie({ sessionId, me }: Pick<SignedIn, 'sessionId' | 'me'>): Promise<string> {
  const secret = nextAuth.secret()
  const token = { sub: me.id, name: me.name, email: me.email, sid: sessionId }
  const sealed = await encode({ token, secret, maxAge: SECONDS })
  return `${sessionCookieName()}=${sealed}; Path=/; Max-Age=${SECONDS}; HttpOnly; SameSite=Lax${isSecure() ? '; Secure' : ''}`
}
