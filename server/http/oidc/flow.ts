import { createHash } from 'node:crypto'
import { decode, encode } from 'next-auth/jwt'
import { z } from 'zod'
import { nextAuth } from '#config/settings'
import { cookiesOf, isSecure } from '../session/session-cookie.ts'

/** The path that the provider redirects the browser to. */
export const CALLBACK = '/session/oidc/callback'
/** The cookies' path: covers the start and the callback. */
const PATH = '/session/oidc'
const PREFIX = 'bulkhead-oidc-'
const SALT = 'bulkhead.oidc-flow'
const SECONDS = 600
/** Concurrent sign-ins in one browser, in several tabs. */
const MOST = 4

/** A sign-in under way, kept only by the browser that began it. */
const Flow = z.object({
  purpose: z.enum(['sign-in', 'link', 'again']),
  /** The session that links an identity or confirms a fresh sign-in. */
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

/** `Lax`, so that the cookie is sent when the provider redirects the browser back. */
const cookie = (name: string, value: string, seconds: number) =>
  `${name}=${value}; Path=${PATH}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${isSecure() ? '; Secure' : ''}`

/** Encrypted, valid for ten minutes. Each sign-in has its own, so that two tabs do not interfere. */
export async function flowCookie(flow: Flow): Promise<string> {
  return cookie(
    nameOf(flow.state),
    await encode({ token: flow, secret: nextAuth.secret(), salt: SALT, maxAge: SECONDS }),
    SECONDS,
  )
}

export const endedFlowCookie = (state: string) => cookie(nameOf(state), '', 0)

/** Cookies of abandoned sign-ins in a browser that keeps starting new ones: all of them, once there are too many. */
export function abandonedCookies(request: Request): string[] {
  const names = [...cookiesOf(request).keys()].filter((name) => name.startsWith(PREFIX))
  return names.length < MOST ? [] : names.map((name) => cookie(name, '', 0))
}

export const hasFlows = (request: Request) => [...cookiesOf(request).keys()].some((name) => name.startsWith(PREFIX))

/** The sign-in with this state, if this browser began it within ten minutes; undefined for a forged cookie too. */
export async function flowOf(request: Request, state: string): Promise<Flow | undefined> {
  const token = cookiesOf(request).get(nameOf(state))
  if (!token) return undefined
  try {
    const flow = Flow.safeParse(await decode({ token, secret: nextAuth.secret(), salt: SALT }))
    return flow.success && flow.data.state === state ? flow.data : undefined
  } catch {
    return undefined
  }
}
