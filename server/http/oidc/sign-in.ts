import { createHash } from 'node:crypto'
import * as client from 'openid-client'
import { nextPath } from '#contract/next-path'
import { ownUrl } from '#config/settings'
import { paths } from '#contract/paths'
import type { Database, Trx } from '#db/client'
import { takeSignInState } from '#db/queries/accounts/identities'
import type { ActorContext, Origin } from '#domain/context'
import { DomainError } from '#domain/errors'
import { assertFreshSignIn } from '#domain/access/fresh-sign-in'
import {
  type ProvenIdentity,
  linkIdentity,
  oidcProblem,
  reauthenticateByIdentity,
  signInByIdentity,
} from '#domain/accounts/identities'
import { sessionActor } from '#domain/access/signed-in'
import { countAttempt, forgiveAttempts } from '#domain/limits/throttle'
import { publicCodeOf } from '#contract/errors'
import { sessionCookie } from '../session/session-cookie.ts'
import { exchange } from './exchange.ts'
import { CALLBACK, type Flow, abandonedCookies, endedFlowCookie, flowCookie, flowOf, hasFlows } from './flow.ts'
import { problemLocation } from './problem-location.ts'
import { discoveredProvider } from './provider.ts'

type Browser = { request: Request; setCookie: (cookie: string) => void }
type Guest = Browser & { db: Database | Trx; origin: Origin; actor?: ActorContext }
type SentOn = { location: string }

const MAX_NEXT = 1500

/** Stores in the browser what the callback must match, and returns the provider's authorization URL. */
async function begin(
  { request, setCookie }: Browser,
  flow: Pick<Flow, 'purpose' | 'next' | 'sessionId'>,
): Promise<{ location: string }> {
  const { configuration, issuer, scopes } = await discoveredProvider()
  // Browsers drop a cookie above 4 KB, and the sign-in would fail.
  const next = flow.next.length > MAX_NEXT ? paths.console : flow.next
  const begun = { ...flow, next, issuer, state: client.randomState(), nonce: client.randomNonce(), startedAt: Date.now() }
  const verifier = client.randomPKCECodeVerifier()
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: ownUrl(CALLBACK).href,
    scope: scopes,
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    // With `max_age`, the provider reports when the person last signed in. Thirty days is the lifetime of a session here.
    ...(flow.purpose === 'again' ? { prompt: 'login', max_age: '0' } : { max_age: String(30 * 24 * 3600) }),
  })
  for (const cookie of abandonedCookies(request)) setCookie(cookie)
  setCookie(await flowCookie({ ...begun, verifier }))
  return { location: url.href }
}

/** `GET /session/oidc`: signs in, or confirms the identity of the session. */
export async function startOidc({
  query,
  ...guest
}: Guest & { query: { next?: string | undefined; again?: string | undefined } }): Promise<SentOn> {
  const flow = { purpose: query.again === 'true' ? ('again' as const) : ('sign-in' as const), next: nextPath(query.next) }
  try {
    if (flow.purpose === 'sign-in') return await begin(guest, flow)
    if (!guest.actor) throw oidcProblem('oidc_session_over')
    return await begin(guest, { ...flow, sessionId: sessionActor(guest.actor).credentialId })
  } catch (error) {
    return sentBack(error, flow)
  }
}

/** `POST /me/identities`: needs more than a link, which a foreign page could navigate to. */
export async function startLinking({
  actor,
  body,
  ...browser
}: Browser & { actor: ActorContext; body: { next?: string | undefined } }): Promise<SentOn> {
  assertFreshSignIn(actor)
  return begin(browser, { purpose: 'link', next: nextPath(body.next), sessionId: sessionActor(actor).credentialId })
}

/** `GET /session/oidc/callback`: completes what the browser began, with the identity that the provider proved. */
export async function finishOidc({ query, ...guest }: Guest & { query: { state?: string | undefined } }): Promise<SentOn> {
  let flow: Flow | undefined
  try {
    flow = await flowBackFrom(guest.request, query.state)
    const proven = await provenBy(guest, flow)
    return await proceed(guest, flow, proven)
  } catch (error) {
    return sentBack(error, flow)
  } finally {
    if (flow) guest.setCookie(endedFlowCookie(flow.state))
  }
}

/** The sign-in that this browser began and now returns from. */
async function flowBackFrom(request: Request, state: string | undefined): Promise<Flow> {
  if (!state) throw oidcProblem('oidc_state_missing')
  const flow = await flowOf(request, state)
  if (!flow) throw oidcProblem(hasFlows(request) ? 'oidc_state_mismatch' : 'oidc_flow_lost')
  return flow
}

async function provenBy({ db, origin, request }: Guest, flow: Flow): Promise<ProvenIdentity> {
  const attempt = { address: origin.address }
  await countAttempt(db, attempt)
  const hash = createHash('sha256').update(flow.state).digest()
  if (!(await takeSignInState(db, hash))) throw oidcProblem('oidc_replayed')
  const provider = await discoveredProvider()
  if (provider.issuer !== flow.issuer) throw oidcProblem('oidc_issuer_mismatch')
  const back = ownUrl(CALLBACK)
  back.search = new URL(request.url).search
  const proven = await exchange(provider, flow, back)
  await forgiveAttempts(db, attempt)
  return proven
}

async function proceed({ db, origin, request, actor, setCookie }: Guest, flow: Flow, proven: ProvenIdentity): Promise<SentOn> {
  if (flow.purpose === 'sign-in') {
    const signedIn = await signInByIdentity(db, proven, { origin, userAgent: request.headers.get('user-agent') })
    setCookie(await sessionCookie(signedIn))
    return { location: flow.next }
  }
  // Only the session that began the linking can complete it.
  if (!actor || sessionActor(actor).credentialId !== flow.sessionId) throw oidcProblem('oidc_session_over')
  if (flow.purpose === 'link') {
    const signedIn = await linkIdentity(actor, proven, request.headers.get('user-agent'))
    if (signedIn) setCookie(await sessionCookie(signedIn))
    return { location: flow.next }
  }
  await reauthenticateByIdentity(actor, proven, new Date(flow.startedAt))
  return { location: paths.provenAgain }
}

/** Rethrows bugs and database outages to the general error handling. */
function sentBack(error: unknown, flow: Pick<Flow, 'purpose' | 'next'> | undefined): SentOn {
  if (error instanceof DomainError) return { location: problemLocation(publicCodeOf(error.code), flow) }
  throw error
}
