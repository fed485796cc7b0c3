import type { AuthOptions } from 'next-auth'
import Credentials from 'next-auth/providers/credentials'
import { database } from '#db/client'
import { findSession } from '#db/queries/actors'
import { SESSION_HOURS, signIn, signOut } from '#domain/sign-in'

const headerOf = (headers: Record<string, unknown> | undefined, name: string) => {
  const value = headers?.[name]
  return typeof value === 'string' ? value : null
}

const email = { label: 'Email', type: 'email' }
const password = { label: 'Password', type: 'password' }

/**
 * The seam to next-auth. Its cookie is a signed pointer to a row of `sessions` and nothing more: the row is checked on every request
 * (`authenticate.ts`), so signing out, removing and expiring work at once.
 */
export const authOptions: AuthOptions = {
  session: { strategy: 'jwt', maxAge: SESSION_HOURS * 3600 },
  pages: { signIn: '/login' },
  providers: [
    Credentials({
      credentials: { email, password },
      async authorize(credentials, request) {
        if (!credentials?.email || !credentials.password || credentials.password.length > 128) return null
        const headers = request.headers as Record<string, unknown> | undefined
        const signedIn = await signIn(database(), {
          email: credentials.email,
          password: credentials.password,
          address: headerOf(headers, 'x-bulkhead-address'),
          userAgent: headerOf(headers, 'user-agent'),
        })
        return signedIn ? { ...signedIn.user, sessionId: signedIn.sessionId } : null
      },
    }),
  ],
  callbacks: {
    jwt: ({ token, user }) =>
      user ? { sub: user.id, name: user.name, email: user.email, sid: (user as { sessionId?: string }).sessionId } : token,
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
