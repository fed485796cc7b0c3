import { z } from 'zod'
import { type Operation, mayRepeat } from '#contract/operation'
import { type Database, type Trx, database, whileWanted } from '#db/client'
import type { Claim } from '#db/shares'
import type { Origin } from '#domain/context'
import type { Page } from '#domain/paging'
import { assertFreshSignIn } from '#domain/access/fresh-sign-in'
import { assertStillProven } from '#domain/access/signed-in'
import { networkOf } from '#domain/limits/throttle'
import { addressOf } from './address.ts'
import { answerHeaders } from './answer-headers.ts'
import { assertReads, owe } from './answers.ts'
import { callerOf } from './authenticate.ts'
import { readBody } from './body.ts'
import type { Body, Sender } from './body-store.ts'
import { etagOf, isKnown } from './etag.ts'
import { assertStays } from './exchange.ts'
import { LEAST, accepted, compressed, isAtLeast, varying } from './compression/compressed.ts'
import { type Json, print, textOf } from './formats/print.ts'
import { type Reply, idempotencyKeyOf, isDryRun, onlyOnce } from './idempotency.ts'
import { cutPage } from './page.ts'
import { noteOperation, requestIdOf } from './record.ts'
import { type Params, type Resolved, assertIds } from './resolve.ts'

/** Next passes `params` as a promise, and nothing for a URL without parameters. */
export type Handler = (request: Request, context: { params?: Promise<Params> | Params }) => Promise<Response>

export type Incoming = { request: Request; params: Params; origin: Origin }

/** A request whose caller may make it. Only an anonymous caller of a public operation has reached nothing. */
export type Admitted = Incoming & { reached: Partial<Resolved>; sender: Sender; query: unknown }

/** Where the operations of one API differ from those of the other. */
export type Dialect<One extends Operation = Operation> = {
  /** Authenticates the caller, resolves the URL as far as they may see it, and checks the permission. */
  reach(operation: One, incoming: Incoming): Promise<Partial<Resolved>>
  parseQuery(request: Request, operation: One): unknown
  parseBody(request: Request, body: Body | undefined, operation: One, share: string): Promise<unknown>
  /** Whether answers have an `ETag`. */
  hasVersions: boolean
  /** The URL of the next page, as a path. */
  nextUrl(url: URL, cursor: string): string
  refuse(error: unknown, operation: One, request: Request, requestId: string): Response
}

/**
 * The way of every request: authenticate, resolve the URL for this actor, check the permission, parse the query, then `respond`.
 * Whatever is thrown on the way becomes the dialect's refusal.
 */
export function pipeline<One extends Operation>(
  dialect: Dialect<One>,
  operation: One,
  respond: (admitted: Admitted) => Promise<Reply | Response>,
): Handler {
  return async (request, context) => {
    const requestId = requestIdOf(request)
    noteOperation(request, operation)
    try {
      const params = (await context.params) ?? {}
      const admitted = await admit(dialect, operation, { request, params, origin: originOf(request, requestId, operation) })
      const reply = await respond(admitted)
      if (reply instanceof Response) return reply
      return await toResponse(operation, admitted, reply, requestId)
    } catch (error) {
      return dialect.refuse(error, operation, request, requestId)
    }
  }
}

async function admit<One extends Operation>(dialect: Dialect<One>, operation: One, incoming: Incoming): Promise<Admitted> {
  const { request, params } = incoming
  const reached = await dialect.reach(operation, incoming)
  const sender = senderOf(request, reached)
  assertReadsAnswers(operation, request, sender)
  assertIds(params)
  return { ...incoming, reached, sender, query: dialect.parseQuery(request, operation) }
}

/** A stream is read from a file, so its caller owes nothing. */
export const assertReadsAnswers = ({ isCounted, stream }: Operation, request: Request, { owners }: Sender) =>
  void (isCounted && !stream && assertReads(request, owners))

export type Run = (
  call: Partial<Resolved> & Incoming & { db: Database | Trx; query: unknown; body: unknown; setCookie: (cookie: string) => void },
) => Promise<unknown>

/**
 * Parses the body, runs, and presents the result, once per idempotency key. No database connection is held while the body
 * arrives.
 */
export async function perform<One extends Operation>(
  dialect: Dialect<One>,
  operation: One,
  run: Run,
  admitted: Admitted,
): Promise<Reply> {
  const { request, params, origin, reached, sender, query } = admitted
  const bytes = operation.body || operation.rawBody ? await readBody(request, operation.maxBody, sender) : undefined
  try {
    const body = await dialect.parseBody(request, bytes, operation, sender.owners[0]!)
    const work = async (db: Database | Trx) => {
      const cookies: string[] = []
      const setCookie = (cookie: string) => void cookies.push(cookie)
      const result = await run({ ...rebased(reached, db), request, setCookie, db, origin, params, query, body })
      const reply = await replyOf(dialect, operation, request, result)
      owe(request, sender.owners, reply.body)
      return { ...reply, cookies }
    }
    const actor = reached.actor?.actor
    const key = actor && mayRepeat(operation) ? idempotencyKeyOf(request) : null
    const db = database(claimOf(operation, admitted))
    const check = () => {
      assertStays(request)
      assertReadsAnswers(operation, request, sender)
    }
    if (!actor || key === null || isDryRun(query, body)) return await whileWanted(check, () => work(db))
    // Whether the first call needed a fresh sign-in is unknown here, so every operation that may need one does.
    const beforeReplay = () => operation.freshSignIn !== undefined && assertFreshSignIn({ actor })
    const orgId = reached.org?.org.id
    return await onlyOnce(db, { actorId: callerOf(actor), orgId, request, key, body: await bytes?.digest(), beforeReplay }, work)
  } finally {
    await bytes?.close()
  }
}

/** Who the bytes of a request's body and answer are counted for. */
const senderOf = (request: Request, { actor, org }: Partial<Resolved>): Sender =>
  actor
    ? {
        owners: [...(org ? [org.org.id] : []), callerOf(actor.actor)],
        isProven: true,
        assertStillProven: () => assertStillProven(authDatabase(request), actor.actor),
      }
    : { owners: [networkOf(addressOf(request) ?? '')], isProven: false }

/**
 * Authentication and resolving use connections of their own, so that other work cannot block them. Their owner is the client's
 * network: a burst of one client would otherwise come before everybody else's calls.
 */
export const authDatabase = (request: Request) => database({ class: 'auth', owner: networkOf(addressOf(request) ?? '') })

/** Whose share of the connections the work uses: the organization's, else the caller's, else that of the client's network. */
export function claimOf({ method }: Operation, { request, reached: { actor, org, project } }: Admitted): Claim {
  if (!actor) return { class: 'auth', owner: networkOf(addressOf(request) ?? '') }
  return { class: method === 'GET' ? 'read' : 'write', owner: org?.org.id ?? actor.actor.id, project: project?.project.id }
}

/** Where a request comes from; for a change also the operation and its success status. Stored with audit events. */
const originOf = (request: Request, requestId: string, { method, path, status }: Operation): Origin => ({
  requestId,
  address: addressOf(request),
  ...(method === 'GET' ? {} : { url: urlOf(request, path), responseCode: status }),
})

/** A link's secret grants access, so the audit log gets the path template alone. */
const urlOf = (request: Request, path: string) => (path.includes('{token}') ? path : new URL(request.url).pathname.slice(0, 2000))

/** The same contexts on another connection or transaction. */
export const rebased = ({ actor, org, project }: Partial<Resolved>, db: Database | Trx): Partial<Resolved> => ({
  ...(actor && { actor: { ...actor, db } }),
  ...(org && { org: { ...org, db } }),
  ...(project && { project: { ...project, db } }),
})

/** Returns only what the contract names: a list as a bare array with its next page in `Link`, a resource with its version. */
async function replyOf<One extends Operation>(
  dialect: Dialect<One>,
  { returns, status, statusOf, location }: One,
  request: Request,
  result: unknown,
): Promise<Reply> {
  if (status === 204) return { status, body: '', headers: {} }
  if (status === 303) {
    const target = (returns.parse(result) as Record<string, unknown>)['location']
    return { status, body: '', headers: { location: String(target) } }
  }
  const headers: Record<string, string> = {}
  const isList = returns instanceof z.ZodArray
  const printed = await print(returns, isList ? (result as Page<unknown>).items : result)
  const output = printed.output as Record<string, unknown>
  const { body, next } = isList
    ? cutPage(printed.body, result as Page<unknown>, (item) => textOf(returns.element as z.ZodType, item))
    : { body: printed.body, next: null }
  if (next !== null) headers['link'] = `<${dialect.nextUrl(new URL(request.url), next)}>; rel="next"`
  const etag = isList || !dialect.hasVersions ? undefined : etagOf(output, body)
  if (etag !== undefined) headers['etag'] = etag
  if (location) headers['location'] = `${new URL(request.url).pathname}/${encodeURIComponent(String(output[location]))}`
  return { status: statusOf?.(output) ?? status, body, headers }
}

async function toResponse(
  operation: Operation,
  { request, sender }: Admitted,
  { status, body, headers, cookies = [] }: Reply,
  requestId: string,
): Promise<Response> {
  const hasBody = status !== 204 && status !== 303
  const respond = (content: Json | null, more?: Record<string, string>, as = status) => {
    const plain = {
      ...headers,
      ...(hasBody && { 'content-type': 'application/json' }),
      ...answerHeaders(request, requestId),
      ...more,
    }
    const all = cookies.length === 0 ? plain : new Headers([...Object.entries(plain), ...cookies.map(asCookie)])
    return new Response(content as BodyInit | null, { status: as, headers: all })
  }
  const { etag } = headers
  const accepts = hasBody ? accepted(operation, request) : undefined
  const mayVary = accepts && (accepts.refusesPlain || isAtLeast(LEAST, body))
  const coding = mayVary ? accepts.coding : undefined
  // The bytes differ from those of the plain text, so the tag only says that they mean the same.
  const weak = coding && etag !== undefined && { etag: `W/${etag}` }
  const encoded = mayVary ? { ...varying(coding), ...weak } : undefined
  if (status === 200 && isKnown(request, etag)) return respond(null, encoded, 304)
  if (!coding) return respond(hasBody ? body : null, encoded)
  if (request.method === 'HEAD') return respond(null, encoded)
  const bytes = await compressed(coding, body, operation, sender.owners[0]!)
  return bytes ? respond(bytes, encoded) : respond(body, varying(undefined))
}

const asCookie = (cookie: string): [string, string] => ['set-cookie', cookie]
