import type { AuthOptions } from 'next-auth'
import { nextAuth } from '#config/settings'
import { nextPath } from '#contract/next-path'
import { paths } from '#contract/paths'
import { database } from '#db/client'
import { findSession } from '#db/queries/access/actors'
import { SESSION_HOURS, signOut } from '#domain/accounts/sign-in'
import { DomainError } from '#domain/errors'
import { failed } from '../errors.ts'
import { cookiesOf, isSecure, sessionCookieName } from './session-cookie.ts'

/**
 * The seam to next-auth. Its cookie only points to a row of `sessions`, which every request checks (`authenticate.ts`), so
 * signing out and expiry work at once. `POST /session` takes passwords and sets the same cookie, since it can report waiting
 * times and recognize devices.
 */
export const authOptions: AuthOptions = {
  session: { strategy: 'jwt', maxAge: SESSION_HOURS * 3600 },
  cookies: {
    sessionToken: {
      name: sessionCookieName(),
      options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure() },
    },
  },
  // next-auth's own pages need styles that our policy forbids.
  pages: { signIn: paths.login(), signOut: paths.login(), error: paths.login() },
  providers: [],
  // Anybody can send a bad cookie, so what next-auth prints about each would fill the log.
  logger: { error() {}, warn() {}, debug() {} },
  callbacks: {
    // next-auth's own check throws for an invalid address.
    redirect({ url, baseUrl }) {
      return baseUrl + nextPath(url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : url)
    },
    async session({ session, token }) {
      const live = typeof token['sid'] === 'string' ? await findSession(database({ class: 'auth' }), token['sid']) : undefined
      return live ? session : { expires: session.expires }
    },
  },
  events: {
    async signOut({ token }) {
      if (typeof token?.['sid'] === 'string') await signOut(database({ class: 'auth' }), token['sid'])
    },
  },
}

/** Reads a cookie as next-auth does. A badly escaped one holds no address. */
function unescaped(cookie: string): string {
  try {
    return decodeURIComponent(cookie)
  } catch {
    return cookie
  }
}

/** The addresses to continue at that a request names. */
function callbackAddresses(request: Request): string[] {
  const cookie = cookiesOf(request).get(`${isSecure() ? '__Secure-' : ''}next-auth.callback-url`) ?? ''
  const [inQuery, inCookie] = [new URL(request.url).searchParams.get('callbackUrl') ?? '', unescaped(cookie)]
  return [inQuery, inCookie].filter((text) => text !== '')
}

/**
 * Refuses input that next-auth would fail on: an invalid address, or an error that is not a word. Undefined when there is none.
 */
export function refusedParameter(request: Request): Response | undefined {
  const base = nextAuth.url()
  const isAddress = (text: string) => /^https?:/.test(URL.parse(text, text.startsWith('/') ? base : undefined)?.protocol ?? '')
  const error = new URL(request.url).searchParams.get('error') ?? ''
  const sentence = !callbackAddresses(request).every(isAddress)
    ? 'callbackUrl must be a path or an http(s) URL'
    : !/^\w*$/.test(error)
      ? 'error must be one word'
      : undefined
  return sentence === undefined ? undefined : failed(new DomainError('invalid_request', sentence), request)
}
