import { publicOrigin } from '#config/settings'
import type { VerbGrant } from '#contract/common'
import type { Database } from '#db/client'
import * as rows from '#db/queries/access/actors'
import { isHeld } from '#db/queries/restore-holds'
import { isAllowedFrom } from '#domain/access/allowed-addresses'
import type { Actor, TokenActor, UserActor } from '#domain/context'
import { DomainError } from '#domain/errors'
import { liveViewing } from '#domain/accounts/viewing'
import { derivedTokenIds, hashToken, tokenKind } from '#domain/tokens/text'
import { addressOf } from './address.ts'
import { countAddress, countCaller } from './rate-limit.ts'
import { noteActor } from './record.ts'
import { sessionIdOf } from './session/session-cookie.ts'

const MINUTE = 60_000
const isStale = (lastUse: string | null) => lastUse === null || Date.now() - Date.parse(lastUse) > MINUTE

const unauthenticated = (sentence: string) => new DomainError('unauthenticated', sentence)

/**
 * The caller by bearer token, `X-Project-Token` or session cookie, in this order; counts the call. Throws 401 for a revoked,
 * expired or malformed credential, which counts for its address. A malformed token costs no query.
 */
export async function authenticate(request: Request, db: Database): Promise<Actor> {
  const actor = await proven(request, db).catch(async (error: unknown) => {
    await countAddress(request)
    throw error
  })
  noteActor(request, actor)
  await countCaller(request, callerOf(actor))
  return actor
}

/** The key under which calls are counted together: a token, or a person with all their browsers. */
export const callerOf = (actor: Actor) =>
  actor.kind === 'user' && actor.via === 'personal_token' ? actor.credentialId : actor.id

async function proven(request: Request, db: Database): Promise<Actor> {
  const token = bearer(request) ?? request.headers.get('x-project-token')
  if (token !== null) return fromToken(db, token, addressOf(request))
  const sessionId = await sessionIdOf(request)
  if (!sessionId) throw unauthenticated('Sign in, or send a token as Authorization: Bearer')
  const session = await fromSession(db, sessionId)
  if (request.method !== 'GET' && request.method !== 'HEAD') assertSameOrigin(request)
  return session
}

/** The token of `Authorization: Bearer`; null without the header. */
export function bearer(request: Request): string | null {
  const header = request.headers.get('authorization')
  if (header === null) return null
  const [scheme, token, ...rest] = header.trim().split(/ +/)
  if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length > 0)
    throw unauthenticated('The Authorization header must have the form: Bearer <token>')
  return token
}

async function fromToken(db: Database, token: string, address: string | null): Promise<Actor> {
  const from = tokenKind(token) === 'personal' ? fromPersonalToken : fromProjectToken
  const actor = await from(db, token, address)
  if (!actor) throw unauthenticated('This token is not valid: it is mistyped, expired or revoked')
  return actor
}

/**
 * Undefined when the token is not a live project token or not allowed from this address. A token that is malformed or not signed
 * by this server costs no query.
 */
export async function fromProjectToken(db: Database, token: string, address: string | null): Promise<TokenActor | undefined> {
  const row = await findTokenRow(db, token)
  if (row === null) await assertTokensAreOn(db)
  if (!row || !isAllowedFrom(row.allowed_addresses, address)) return undefined
  if (isStale(row.last_used_at)) await rows.touchProjectToken(db, row.project_id, row.id, address)
  const verbs = row.verbs as VerbGrant[]
  const grant = {
    role: row.role,
    source: 'token' as const,
    envId: row.env_id,
    cellScopes: row.cell_scopes,
    verbs,
    expiresAt: row.expires_at,
  }
  const bounds = { allowedAddresses: row.allowed_addresses, madeBy: row.made_by }
  return { kind: 'project_token', id: row.id, name: row.name, projectId: row.project_id, orgId: row.org_id, grant, ...bounds }
}

/** Undefined for a text that cannot be a project token, null for one that opens nothing. */
async function findTokenRow(db: Database, token: string) {
  if (tokenKind(token) === 'project') return (await rows.findProjectToken(db, hashToken(token))) ?? null
  const derived = derivedTokenIds(token)
  return derived && ((await rows.findDerivedToken(db, derived.projectId, derived.id)) ?? null)
}

/** After a restore no token works until an operator says so. Somebody whose token is right should learn why. */
export async function assertTokensAreOn(db: Database): Promise<void> {
  if (await isHeld(db, 'tokens'))
    throw unauthenticated(
      'Tokens are off since this server was restored from a backup. Ask an operator to turn them on: npx bulkhead resume tokens',
    )
}

/** Undefined when the token is not a live personal token or not allowed from this address. */
export async function fromPersonalToken(db: Database, token: string, address: string | null): Promise<UserActor | undefined> {
  if (tokenKind(token) !== 'personal') return undefined
  const row = await rows.findPersonalToken(db, hashToken(token))
  if (!row) await assertTokensAreOn(db)
  if (!row || !isAllowedFrom(row.allowed_addresses, address)) return undefined
  if (isStale(row.last_used_at)) await rows.touchPersonalToken(db, row.org_id, row.id, address)
  const person = { id: row.user_id, name: row.name, email: row.email, avatarUrl: row.avatar_url }
  const tokenLife = { createdAt: row.created_at, expiresAt: row.expires_at }
  const bounds = { orgId: row.org_id, tokenLife, allowedAddresses: row.allowed_addresses }
  const proof = { via: 'personal_token' as const, credentialId: row.id, ...bounds }
  return { kind: 'user', ...person, ...proof, authenticatedAt: null }
}

async function fromSession(db: Database, sessionId: string): Promise<UserActor> {
  const row = await rows.findSession(db, sessionId)
  if (!row) throw unauthenticated('Your session has ended. Sign in again')
  if (isStale(row.last_seen_at)) await rows.touchSession(db, row.id)
  const person = { id: row.user_id, name: row.name, email: row.email, avatarUrl: row.avatar_url }
  const viewing = await viewingOf(db, row)
  const bound = { orgId: viewing?.org.id ?? null, ...(viewing && { viewing }) }
  return { kind: 'user', ...person, via: 'session', credentialId: row.id, ...bound, authenticatedAt: row.authenticated_at }
}

async function viewingOf(db: Database, row: NonNullable<Awaited<ReturnType<typeof rows.findSession>>>) {
  const { id: sessionId, user_id: viewerId, viewed_org: orgId, viewed_project: projectId } = row
  const { viewed_user: userId, viewing_until: expiresAt } = row
  if (orgId === null || projectId === null || userId === null || expiresAt === null) return undefined
  return liveViewing(db, { sessionId, viewerId, orgId, projectId, userId, expiresAt })
}

/** The content types that a foreign page can send without a CORS preflight. */
const isForm = ({ headers }: Request) =>
  /^(text\/|multipart\/|application\/x-www-form-urlencoded)/i.test(headers.get('content-type') ?? '')

/**
 * The origin of the asking page, as the browser states it; null when not stated, as in programs. `by another name`: our host
 * under another name than BULKHEAD_URL.
 */
function comesFrom({ headers, url }: Request): 'us' | 'by another name' | 'elsewhere' | null {
  const site = headers.get('sec-fetch-site')
  const origin = headers.get('origin')
  if (site !== null) return site === 'same-origin' ? 'us' : 'elsewhere'
  if (origin === null) return null
  if (origin === ourOrigin(url)) return 'us'
  return URL.parse(origin)?.host === headers.get('host')?.toLowerCase() ? 'by another name' : 'elsewhere'
}

const ourOrigin = (url: string) => new URL(publicOrigin() ?? url).origin

/**
 * A host name that anybody can point at this server proves nothing (DNS rebinding), so only the setting identifies our own pages.
 */
const byAnotherName = (url: string) =>
  new DomainError(
    'cross_site',
    `The console of this server is at ${ourOrigin(url)}. Open it there, or set BULKHEAD_URL to the address that you opened`,
  )

/** Browsers send the cookie with requests from any page; only our own pages may write with it. */
function assertSameOrigin(request: Request): void {
  const from = comesFrom(request)
  if (from === 'us' && !isForm(request)) return
  if (from === 'by another name') throw byAnotherName(request.url)
  throw new DomainError('cross_site', 'Requests that write with a session cookie must come from the console. Use a token instead')
}

/**
 * Refuses foreign pages, but not programs, for operations without a credential: a foreign page could sign a browser in as
 * somebody else, or end a sign-in that it began.
 */
export function assertNotForeign(request: Request): void {
  const from = comesFrom(request)
  if (from === 'by another name') throw byAnotherName(request.url)
  if (from === 'elsewhere') throw new DomainError('cross_site', 'This request came from another site. Open the console instead')
}
