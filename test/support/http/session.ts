import { encode } from 'next-auth/jwt'

/** The headers of a browser with this session: next-auth's cookie, and the marks of a request from our own pages. */
export async function browser(sessionId: string): Promise<Record<string, string>> {
  const cookie = await encode({ token: { sid: sessionId }, secret: process.env['NEXTAUTH_SECRET']! })
  return { cookie: `next-auth.session-token=${cookie}`, 'sec-fetch-site': 'same-origin' }
}
