import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Method, Operation, PathParams, Permission } from '#contract/operation'
import type { OrganizationAction, ProjectAction } from '#contract/access/permissions'
import { viewAsOperations } from '#contract/accounts/view-as'
import { type Database, type Trx, database, whileWanted } from '#db/client'
import type { Claim } from '#db/shares'
import type { Actor, ActorContext, OrgContext, Origin, ProjectContext } from '#domain/context'
import { DomainError } from '#domain/errors'
import type { Page } from '#domain/paging'
import { assertFreshSignIn } from '#domain/access/fresh-sign-in'
import { verbOf } from '#domain/access/permissions'
import { networkOf } from '#domain/limits/throttle'
import { log } from '#server/log'
import { addressOf } from './address.ts'
import { answerHeaders } from './answer-headers.ts'
import { assertNotForeign, authenticate, callerOf } from './authenticate.ts'
import { etagOf, ifMatchOf, isKnown } from './etag.ts'
import { failureOf, presentFailure } from './errors.ts'
import { type Reply, idempotencyKeyOf, isDryRun, onlyOnce } from './idempotency.ts'
import { assertReads, owe } from './answers.ts'
import { assertStays } from './exchange.ts'
import { type Sender, readBody } from './body.ts'
import { parseBody, parseQuery } from './input.ts'
import { cutPage } from './page.ts'
import { print } from './formats/print.ts'
import { countAddress } from './rate-limit.ts'
import { failedInBrowser } from './redirect.ts'
import { type Params, type Resolved, assertIds, assertWhileViewing, resolve } from './resolve.ts'

/** Next passes `params` as a promise, and nothing for a URL without parameters. */
export type Handler = (request: Request, context: { params?: Promise<Params> | Params }) => Promise<Response>

/** What a handler receives: the context as far as its permission reaches, and the parsed input. */
export type Call<Path extends string, Who extends Permission, Query extends z.ZodType, Body extends z.ZodType> = {
  params: Record<PathParams<Path>, string>
  query: z.output<Query>
  body: z.output<Body>
} & (Who extends 'public'
  ? { db: Database | Trx; origin: Origin } & Browser
  : Who extends 'anybody'
    ? { db: Database | Trx; origin: Origin; actor?: ActorContext } & Browser
    : Who extends 'session'
      ? { actor: ActorContext } & Browser
      : { actor: ActorContext }) &
  (Who extends OrganizationAction | ProjectAction ? { org: OrgContext } : unknown) &
  (Who extends ProjectAction ? { project: ProjectContext } : unknown)

export type Result<Returns extends z.ZodType> = Returns extends z.ZodArray<infer Item> ? Page<z.input<Item>> : z.input<Returns>

/**
 * Turns one operation into a Web handler: authenticate, resolve the URL for this actor, check the permission, parse query and
 * body, run. The result passes through `returns`, so that nothing outside the contract leaves.
 */
export function endpoint<
  Path extends string,
  Who extends Permission,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Returns extends z.ZodType,
>(
  operation: Operation<Path, Who, Query, Body, Returns>,
  run: (call: Call<Path, Who, Query, Body>) => Promise<Result<Returns>> | Result<Returns>,
): Handler {
  const anyOperation = operation as unknown as Operation
  return async (request, context) => {
    const requestId = randomUUID()
    try {
      const params = (await context.params) ?? {}
      const reply = await answer(anyOperation, run as never, request, params, requestId)
      if (operation.method !== 'GET')
        log.info({ requestId, method: request.method, path: operation.path, status: reply.status }, 'changed')
      return toResponse(request, reply, requestId)
    } catch (error) {
      return operation.status === 303
        ? failedInBrowser(error, request, requestId)
        : failed(hidden(anyOperation, error), request, requestId)
    }
  }
}

/** Passed only to operations that a browser may call. */
type Browser = { request: Request; setCookie: (cookie: string) => void }

export type Run = (
  call: Partial<Resolved> & {
    db: Database | Trx
    origin: Origin
    params: Params
    query: unknown
    body: unknown
  } & Partial<Browser>,
) => Promise<unknown>

/**
 * Everything between a request and its reply, including authentication and refusals. No database connection is held while the
 * body arrives.
 */
export async function answer(
  operation: Operation,
  run: Run,
  request: Request,
  params: Params,
  requestId: string,
): Promise<Reply> {
  const resolved = await provenIfNeeded(operation, request, params, requestId)
  const sender = senderOf(request, resolved?.actor.actor)
  const readsWhatItGets = () => void (operation.isCounted && assertReads(request, sender.key))
  const check = () => {
    assertStays(request)
    readsWhatItGets()
  }
  readsWhatItGets()
  assertIds(params)
  const query = parseQuery(request, operation.query)
  const bytes = operation.body ? await readBody(request, operation.maxBody, sender) : undefined
  try {
    const body = await parseBody(request, bytes, operation, shareOf(request, resolved))
    const perform = async (on: Database | Trx) => {
      const origin = originOf(request, requestId, operation)
      const cookies: string[] = []
      const setCookie = (cookie: string) => void cookies.push(cookie)
      const call = { ...(resolved && rebased(resolved, on)), request, setCookie, db: on, origin, params, query, body }
      const reply = await present(operation, request, await run(call))
      owe(request, sender.key, reply.body)
      return { ...reply, cookies }
    }
    const key = mayRepeat(operation) && resolved ? idempotencyKeyOf(request) : null
    const db = database(claimOf(operation, request, resolved))
    if (key === null || !resolved || isDryRun(query, body)) return await whileWanted(check, () => perform(db))
    const { actor } = resolved.actor
    // Whether the first call needed a fresh sign-in is unknown here, so every operation that may need one does.
    const beforeReplay = () => operation.freshSignIn !== undefined && assertFreshSignIn({ actor })
    const orgId = resolved.org?.org.id
    return await onlyOnce(
      db,
      { actorId: callerOf(actor), orgId, request, key, body: await bytes?.digest(), beforeReplay },
      perform,
    )
  } finally {
    await bytes?.close()
  }
}

/** Who the bytes of a request's body and answer are counted for. */
export const senderOf = (request: Request, actor: Actor | undefined): Sender =>
  actor ? { key: callerOf(actor), isProven: true } : { key: networkOf(addressOf(request) ?? ''), isProven: false }

/** Authentication and resolving use connections of their own, so that other work cannot block them. */
export const authDatabase = () => database({ class: 'auth' })

/** Whose share of the connections the work uses: the organization's, else the caller's, else that of the client's network. */
function claimOf(
  { method }: Operation,
  request: Request,
  resolved: (Partial<Resolved> & { actor: ActorContext }) | undefined,
): Claim {
  if (!resolved) return { class: 'auth', owner: networkOf(addressOf(request) ?? '') }
  const { actor, org, project } = resolved
  return { class: method === 'GET' ? 'read' : 'write', owner: org?.org.id ?? actor.actor.id, project: project?.project.id }
}

/** Whose share a large body uses: a sender of many waits for their own and delays nobody else. */
const shareOf = (request: Request, resolved: (Partial<Resolved> & { actor: ActorContext }) | undefined): string =>
  resolved?.org?.org.id ?? resolved?.actor.actor.id ?? addressOf(request) ?? 'nobody'

/**
 * Calls about a session itself, or open to everybody, are never repeated from storage: a failed try must count, and a secret is
 * shown once.
 */
const mayRepeat = ({ method, permission }: Operation) =>
  method === 'POST' && permission !== 'session' && permission !== 'public' && permission !== 'anybody'

/** Where a request comes from; for a change also the operation and its success status. Stored with audit events. */
export const originOf = (
  request: Request,
  requestId: string,
  { method, path, status }: { method: Method; path: string; status: number },
): Origin => ({
  requestId,
  address: addressOf(request),
  ...(method === 'GET' ? {} : { url: urlOf(request, path), responseCode: status }),
})

/** A link's secret grants access, so the audit log gets the path template alone. */
const urlOf = (request: Request, path: string) => (path.includes('{token}') ? path : new URL(request.url).pathname.slice(0, 2000))

/** Undefined when the operation is public and the caller is anonymous or their session expired. A wrong token still fails. */
async function provenIfNeeded(operation: Operation, request: Request, params: Params, requestId: string) {
  const sendsToken = request.headers.has('authorization') || request.headers.has('x-project-token')
  if (operation.permission === 'public' && operation.isCounted) countAddress(request)
  const isOpen = operation.permission === 'public' || operation.permission === 'anybody'
  if (isOpen && !sendsToken && operation.method !== 'GET') assertNotForeign(request)
  if (operation.permission === 'public') return undefined
  return proven(operation, request, params, requestId).catch((error: unknown) => {
    const isNobody = error instanceof DomainError && error.code === 'unauthenticated' && !sendsToken
    if (operation.permission === 'anybody' && isNobody) return undefined
    throw error
  })
}

/** Authenticates the caller and resolves the URL as far as they may see it. */
export async function proven(operation: Operation, request: Request, params: Params, requestId: string) {
  const db = authDatabase()
  const actor = await authenticate(request, db)
  const origin = originOf(request, requestId, operation)
  const context: ActorContext = { db, actor, verb: verbOf[operation.method], origin, ifMatch: ifMatchOf(request) }
  if (actor.kind === 'user' && actor.viewing && operation.path !== viewAsOperations.stop.path) {
    // A session's own affairs are not part of the project. The other operations are checked where their organization and project
    // are resolved.
    assertWhileViewing(actor, context.verb, operation.permission === 'session' ? null : actor.viewing.project.id)
  }
  return resolve(context, operation.permission, params)
}

/** The answer of an operation published without 404 for a project that is unknown or was just deleted. */
function hidden({ hideUnknown }: Operation, error: unknown): unknown {
  const isUnknown =
    error instanceof DomainError && (error.code === 'organization_not_found' || error.code === 'project_not_found')
  return hideUnknown && isUnknown ? new DomainError('forbidden', 'You may not do this here') : error
}

/** The same contexts on a transaction. */
export function rebased({ actor, org, project }: Partial<Resolved> & { actor: ActorContext }, db: Database | Trx) {
  return { actor: { ...actor, db }, ...(org && { org: { ...org, db } }), ...(project && { project: { ...project, db } }) }
}

/** Returns only what the contract names: a list as a bare array with its next page in `Link`, a resource with its version. */
async function present(operation: Operation, request: Request, result: unknown): Promise<Reply> {
  const headers: Record<string, string> = {}
  const isList = operation.returns instanceof z.ZodArray
  if (operation.status === 303)
    return {
      status: 303,
      body: '',
      headers: { location: String((operation.returns.parse(result) as Record<string, unknown>)['location']) },
    }
  const printed = await print(operation.returns, isList ? (result as Page<unknown>).items : result)
  const output = printed.output as Record<string, unknown>
  const { body, next } = isList ? cutPage(printed, result as Page<unknown>) : { body: printed.body, next: null }
  if (next !== null) headers['link'] = `<${nextUrl(request, next)}>; rel="next"`
  const etag = isList ? undefined : etagOf(output, body)
  if (etag !== undefined) headers['etag'] = etag
  if (operation.location)
    headers['location'] = `${new URL(request.url).pathname}/${encodeURIComponent(String(output[operation.location]))}`
  return { status: operation.statusOf?.(output) ?? operation.status, body, headers }
}

function nextUrl(request: Request, cursor: string): string {
  const url = new URL(request.url)
  url.searchParams.set('cursor', cursor)
  return url.pathname + url.search
}

function toResponse(request: Request, { status, body, headers, cookies = [] }: Reply, requestId: string): Response {
  const plain = {
    ...headers,
    ...(status === 303 ? {} : { 'content-type': 'application/json' }),
    ...answerHeaders(request, requestId),
  }
  const all = cookies.length === 0 ? plain : new Headers([...Object.entries(plain), ...cookies.map(asCookie)])
  if (status === 200 && isKnown(request, headers['etag'])) return new Response(null, { status: 304, headers: all })
  return new Response(status === 303 ? null : body, { status, headers: all })
}

const asCookie = (cookie: string): [string, string] => ['set-cookie', cookie]

/** Turns a refusal into its status and sentence, and a bug into a request id, with the details in the log. */
export function failed(error: unknown, request: Pick<Request, 'method'>, requestId: string = randomUUID()): Response {
  const failure = failureOf(error) ?? {
    status: 500,
    code: 'internal_error',
    sentence: 'Something went wrong on our side. Give this request id when you report it',
    headers: {},
  }
  if (failure.status >= 500) log.error({ requestId, method: request.method, err: error }, 'request failed')
  const body = JSON.stringify(presentFailure(failure, requestId))
  return new Response(body, {
    status: failure.status,
    headers: { ...failure.headers, 'content-type': 'application/json', ...answerHeaders(request, requestId) },
  })
}
