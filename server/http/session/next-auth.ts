import type { AuthOptions } from 'next-auth'
import { nextPath } from '#contract/next-path'
import { database } from '#db/client'
import { findSession } from '#db/queries/access/actors'
import { SESSION_HOURS, signOut } from '#domain/accounts/sign-in'
import { DomainError } from '#domain/errors'
import { failed } from '../endpoint.ts'
import { cookiesOf, isSecure, sessionCookieName } from './session-cookie.ts'

/**
 * The seam to next-auth. Its cookie is a signed pointer to a row of `sessions` and nothing more: the row is checked on every request
 * (`authenticate.ts`), so signing out, removing and expiring work at once. A password is taken by `POST /session`, which can say how
 * long to wait and know a device again; it sets the same cookie (`session-cookie.ts`).
 */
export const authOptions: AuthOptions = {
  session: { strategy: 'jwt', maxAge: SESSION_HOURS * 3600 },
  cookies: {
    sessionToken: {
      name: sessionCookieName(),
      options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure() },
    },
  },
  // Its own pages carry styles that ours may not.
  pages: { signIn: '/login', signOut: '/login', error: '/login' },
  providers: [],
  callbacks: {
    // Its own way of judging an address throws at one that is none.
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

/** As next-auth reads a cookie; one that is not escaped as it should be is no address either. */
function unescaped(cookie: string): string {
  try {
    return decodeURIComponent(cookie)
  } catch {
    return cookie
  }
}

/** What a request names as the address to go on to. */
function callbackAddresses(request: Request): string[] {
  const cookie = cookiesOf(request).get(`${isSecure() ? '__Secure-' : ''}next-auth.callback-url`) ?? ''
  const [inQuery, inCookie] = [new URL(request.url).searchParams.get('callbackUrl') ?? '', unescaped(cookie)]
  return [inQuery, inCookie].filter((text) => text !== '')
}

/** The refusal of what next-auth would stumble over: an address that is none, an error that is no word. Undefined where there is nothing to refuse. */
export function refusedParameter(request: Request): Response | undefined {
  const base = process.env['NEXTAUTH_URL']
  const isAddress = (text: string) => /^https?:/.test(URL.parse(text, text.startsWith('/') ? base : undefined)?.protocol ?? '')
  const error = new URL(request.url).searchParams.get('error') ?? ''
  const sentence = !callbackAddresses(request).every(isAddress)
    ? 'callbackUrl must be a path or an http(s) address'
    : !/^\w*$/.test(error)
      ? 'error must be one word'
      : undefined
  return sentence === undefined ? undefined : failed(new DomainError('invalid_request', sentence), request)
}
