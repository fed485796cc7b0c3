import type { AuthOptions } from 'next-auth'
import { nextPath } from '#contract/next-path'
import { database } from '#db/client'
import { findSession } from '#db/queries/actors'
import { SESSION_HOURS, signOut } from '#domain/sign-in'
import { isSecure, sessionCookieName } from './session-cookie.ts'

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
  pages: { signIn: '/login' },
  providers: [],
  callbacks: {
    // Its own way of judging an address throws at one that is none.
    redirect({ url, baseUrl }) {
      return baseUrl + nextPath(url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : url)
    },
    async session({ session, token }) {
      const live = typeof token['sid'] === 'string' ? await findSession(database(), token['sid']) : undefined
      return live ? session : { expires: session.expires }
    },
  },
  events: {
    async signOut({ token }) {
      if (typeof token?.['sid'] === 'string') await signOut(database(), token['sid'])
    },
  },
}
