import { encode } from 'next-auth/jwt'
import type { Database } from '#db/client'

/** The headers of a browser with this session: next-auth's cookie, and the marks of a request from our own pages. */
export async function browser(sessionId: string): Promise<Record<string, string>> {
  const cookie = await encode({ token: { sid: sessionId }, secret: process.env['NEXTAUTH_SECRET']! })
  return { cookie: `next-auth.session-token=${cookie}`, 'sec-fetch-site': 'same-origin' }
}

/** Moves the last sign-in of every session to this many minutes ago. */
export async function signedIn(db: Database, minutesAgo: number): Promise<void> {
  const authenticated_at = new Date(Date.now() - minutesAgo * 60_000).toISOString()
  await db.updateTable('sessions').set({ authenticated_at }).execute()
}
