import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { PathParams } from '#contract/operation'
import type { ProjectAction } from '#contract/access/permissions'
import type { V1Operation } from '#contract/v1/operation'
import { type Database, type Trx, database, whileWanted } from '#db/client'
import type { Claim } from '#db/shares'
import type { Actor, ActorContext, ProjectContext, UserActor } from '#domain/context'
import { DomainError } from '#domain/errors'
import type { Page } from '#domain/paging'
import { assertCan, verbOf } from '#domain/access/permissions'
import { log } from '#server/log'
import { answerHeaders } from '../answer-headers.ts'
import { assertReads, owe } from '../answers.ts'
import { assertStays } from '../exchange.ts'
import { readBody } from '../body.ts'
import { type Handler, authDatabase, originOf, senderOf } from '../endpoint.ts'
import { type Reply, idempotencyKeyOf, onlyOnce } from '../idempotency.ts'
import { cutPage } from '../page.ts'
import { print } from '../formats/print.ts'
import type { Params } from '../resolve.ts'
import { callerOf } from '../authenticate.ts'
import { type Proven, authenticateV1 } from './authenticate.ts'
import { v1Failed } from './errors.ts'
import { parseV1Body, parseV1Query } from './input.ts'
import { reach, resolveTarget, targetOf } from './resolve.ts'

type UserContext = ActorContext & { actor: UserActor }

type Call<Path extends string, Can extends ProjectAction | null, Query extends z.ZodType, Body extends z.ZodType> = {
  params: Record<PathParams<Path>, string>
  query: z.output<Query>
  body: z.output<Body>
} & (Can extends null ? { user: UserContext } : { project: ProjectContext })

type Result<Returns extends z.ZodType> = Returns extends z.ZodUndefined
  ? void
  : Returns extends z.ZodArray<infer Item>
    ? Page<z.input<Item>>
    : z.input<Returns>

/**
 * Turns one v1 operation into a Web handler: authenticate, resolve the URL for the first actor that reaches it, check the
 * permission, parse query and body, run. The result passes through `returns`.
 */
export function v1Endpoint<
  Path extends string,
  Can extends ProjectAction | null,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Returns extends z.ZodType,
>(
  operation: V1Operation<Path, Can, Query, Body, Returns>,
  run: (call: Call<Path, Can, Query, Body>) => Promise<Result<Returns>> | Result<Returns>,
): Handler {
  const anyOperation = operation as unknown as V1Operation
  return async (request, context) => {
    const requestId = randomUUID()
    try {
      const reply = await answer(anyOperation, run as never, request, (await context.params) ?? {}, requestId)
      if (operation.method !== 'GET')
        log.info({ requestId, method: request.method, path: operation.path, status: reply.status }, 'changed')
      return toResponse(request, reply, requestId)
    } catch (error) {
      return v1Failed(error, request, requestId)
    }
  }
}

type Resolved = { user: UserContext } | { project: ProjectContext }
type Run = (call: Resolved & { params: Params; query: unknown; body: unknown }) => Promise<unknown>

async function answer(operation: V1Operation, run: Run, request: Request, params: Params, requestId: string): Promise<Reply> {
  const resolved = await resolve(operation, request, params, requestId, authDatabase())
  const { actor } = 'user' in resolved ? resolved.user : resolved.project
  const sender = senderOf(request, actor)
  const readsWhatItGets = () => assertReads(request, sender.key)
  const check = () => {
    assertStays(request)
    readsWhatItGets()
  }
  readsWhatItGets()
  const query = parseV1Query(request, operation)
  const bytes = operation.body || operation.rawBody ? await readBody(request, operation.maxBody, sender) : undefined
  try {
    const body = await parseV1Body(request, bytes, operation, 'user' in resolved ? actor.id : resolved.project.org.id)
    const perform = async (on: Database | Trx) => {
      const rebased = 'user' in resolved ? { user: { ...resolved.user, db: on } } : { project: { ...resolved.project, db: on } }
      const reply = await present(operation, request, await run({ ...rebased, params, query, body }))
      owe(request, sender.key, reply.body)
      return reply
    }
    const key = operation.method === 'POST' ? idempotencyKeyOf(request) : null
    const db = database(claimOf(operation, resolved))
    if (key === null) return await whileWanted(check, () => perform(db))
    const orgId = 'project' in resolved ? resolved.project.org.id : undefined
    return await onlyOnce(db, { actorId: callerOf(actor), orgId, request, key, body: await bytes?.digest() }, perform)
  } finally {
    await bytes?.close()
  }
}

function claimOf({ method }: V1Operation, resolved: Resolved): Claim {
  const kind = method === 'GET' ? 'read' : 'write'
  if ('user' in resolved) return { class: kind, owner: resolved.user.actor.id }
  return { class: kind, owner: resolved.project.org.id, project: resolved.project.project.id }
}

async function resolve(
  operation: V1Operation,
  request: Request,
  params: Params,
  requestId: string,
  db: Database,
): Promise<Resolved> {
  const actors = fitting(operation, await authenticateV1(request, db))
  const context = { db, verb: verbOf[operation.method], origin: originOf(request, requestId, operation), ifMatch: null }
  const { permission } = operation
  if (permission === null) return { user: { ...context, actor: actors[0] as UserActor } }
  const target = targetOf(params)
  const project = target ? await resolveTarget(context, actors, target, operation) : await own({ ...context, actor: actors[0]! })
  assertCan(project, permission)
  return { project }
}

/**
 * The actors that may call this operation: the thing itself first, then a person. A known caller without access gets 403, not
 * 401.
 */
function fitting({ credential }: V1Operation, { user, token, things }: Proven): Actor[] {
  const actors = [
    ...(credential === 'agent' ? things : []),
    ...(user && credential !== 'project' ? [user] : []),
    ...(token && credential !== 'user' ? [token] : []),
  ]
  if (actors.length === 0) throw new DomainError('forbidden', 'permission denied')
  return actors
}

/** The project of a token, where the path names none. */
async function own(context: ActorContext): Promise<ProjectContext> {
  const { actor } = context
  const project = actor.kind === 'project_token' ? await reach(context, actor.projectId) : undefined
  if (!project) throw new DomainError('project_not_found', 'No such project')
  return project
}

/** Returns only what the contract names; a list as a bare array with its next page in one `Link` (reference v1, 2). */
async function present(operation: V1Operation, request: Request, result: unknown): Promise<Reply> {
  const { returns, status } = operation
  if (!returns) return { status, body: '', headers: {} }
  const isList = returns instanceof z.ZodArray
  const printed = await print(returns, isList ? (result as Page<unknown>).items : result)
  const { body, next } = isList ? cutPage(printed, result as Page<unknown>) : { body: printed.body, next: null }
  return { status, body, headers: next === null ? {} : { link: `<${nextUrl(request, next)}>; rel="next"` } }
}

function nextUrl(request: Request, cursor: string): string {
  const url = new URL(request.url)
  url.searchParams.set('before', cursor)
  // The client's parser drops commas without a quote before them.
  return (url.pathname + url.search).replaceAll(',', '%2C')
}

function toResponse(request: Request, { status, body, headers }: Reply, requestId: string): Response {
  const always = { ...headers, ...answerHeaders(request, requestId) }
  if (status === 204) return new Response(null, { status, headers: always })
  return new Response(body, { status, headers: { ...always, 'content-type': 'application/json' } })
}
