import { createHash } from 'node:crypto'
import { decode, encode } from 'next-auth/jwt'
import { z } from 'zod'
import { cookiesOf, isSecure } from '../session/session-cookie.ts'

/** Where the browser comes back to. */
export const CALLBACK = '/session/oidc/callback'
/** Where the cookies go: to the beginning and the way back. */
const PATH = '/session/oidc'
const PREFIX = 'bulkhead-oidc-'
const SALT = 'bulkhead.oidc-flow'
const SECONDS = 600
/** As many sign-ins as a browser may have under way, in its tabs. */
const MOST = 4

/** A sign-in that is under way, kept by the browser that began it and by nobody else. */
const Flow = z.object({
  purpose: z.enum(['sign-in', 'link', 'again']),
  /** The session that links or proves itself again. */
  sessionId: z.string().optional(),
  issuer: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  startedAt: z.number(),
})
export type Flow = z.infer<typeof Flow>

const nameOf = (state: string) => PREFIX + createHash('sha256').update(state).digest('base64url').slice(0, 16)
const secret = () => process.env['NEXTAUTH_SECRET'] ?? ''

/** Sent along when the provider sends the browser back: a link from elsewhere, hence `Lax`. */
const cookie = (name: string, value: string, seconds: number) =>
  `${name}=${value}; Path=${PATH}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${isSecure() ? '; Secure' : ''}`

/** Encrypted and for ten minutes; one for each sign-in, so that two tabs do not take it from each other. */
export async function flowCookie(flow: Flow): Promise<string> {
  return cookie(nameOf(flow.state), await encode({ token: flow, secret: secret(), salt: SALT, maxAge: SECONDS }), SECONDS)
}

export const endedFlowCookie = (state: string) => cookie(nameOf(state), '', 0)

/** What a browser that begins again and again still holds of sign-ins that it never came back from: all, once they are too many. */
export function abandonedCookies(request: Request): string[] {
  const names = [...cookiesOf(request).keys()].filter((name) => name.startsWith(PREFIX))
  return names.length < MOST ? [] : names.map((name) => cookie(name, '', 0))
}

export const hasFlows = (request: Request) => [...cookiesOf(request).keys()].some((name) => name.startsWith(PREFIX))

/** The sign-in of this state, if this browser began it within ten minutes; undefined for a forged cookie too. */
export async function flowOf(request: Request, state: string): Promise<Flow | undefined> {
  const token = cookiesOf(request).get(nameOf(state))
  if (!token) return undefined
  try {
    const flow = Flow.safeParse(await decode({ token, secret: secret(), salt: SALT }))
    return flow.success && flow.data.state === state ? flow.data : undefined
  } catch {
    return undefined
  }
}
