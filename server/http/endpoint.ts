import type { z } from 'zod'
import type { Operation, PathParams, Permission } from '#contract/operation'
import type { OrganizationAction, ProjectAction } from '#contract/access/permissions'
import { viewAsOperations } from '#contract/accounts/view-as'
import type { Database, Trx } from '#db/client'
import type { ActorContext, OrgContext, Origin, ProjectContext } from '#domain/context'
import { DomainError } from '#domain/errors'
import type { Page } from '#domain/paging'
import { verbOf } from '#domain/access/permissions'
import { assertNotForeign, authenticate } from './authenticate.ts'
import { ifMatchOf } from './etag.ts'
import { failed } from './errors.ts'
import { parseBody, parseQuery } from './input.ts'
import { type Dialect, type Handler, type Incoming, authDatabase, perform, pipeline } from './pipeline.ts'
import { countAddress } from './rate-limit.ts'
import { failedInBrowser } from './redirect.ts'
import { type Resolved, assertWhileViewing, resolve } from './resolve.ts'

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

/** Passed only to operations that a browser may call. */
type Browser = { request: Request; setCookie: (cookie: string) => void }

export type Result<Returns extends z.ZodType> = Returns extends z.ZodArray<infer Item> ? Page<z.input<Item>> : z.input<Returns>

/** Turns one operation of the Org API into a Web handler. */
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
  return pipeline(orgApi, anyOperation, (admitted) => perform(orgApi, anyOperation, run as never, admitted))
}

export const orgApi: Dialect = {
  reach: provenIfNeeded,
  parseQuery,
  parseBody,
  hasVersions: true,
  nextUrl(url, cursor) {
    url.searchParams.set('cursor', cursor)
    return url.pathname + url.search
  },
  refuse: (error, operation, request, requestId) =>
    operation.status === 303 ? failedInBrowser(error, request, requestId) : failed(hidden(operation, error), request, requestId),
}

/** Reaches nothing when the operation is public, or open and the caller's session expired. A wrong token still fails. */
async function provenIfNeeded(operation: Operation, incoming: Incoming): Promise<Partial<Resolved>> {
  const { request } = incoming
  const sendsToken = request.headers.has('authorization') || request.headers.has('x-project-token')
  if (operation.permission === 'public' && operation.isCounted) await countAddress(request)
  const isOpen = operation.permission === 'public' || operation.permission === 'anybody'
  if (isOpen && !sendsToken && operation.method !== 'GET') assertNotForeign(request)
  if (operation.permission === 'public') return {}
  return proven(operation, incoming).catch((error: unknown) => {
    const isNobody = error instanceof DomainError && error.code === 'unauthenticated' && !sendsToken
    if (operation.permission === 'anybody' && isNobody) return {}
    throw error
  })
}

async function proven(operation: Operation, { request, params, origin }: Incoming): Promise<Partial<Resolved>> {
  const db = authDatabase(request)
  const actor = await authenticate(request, db)
  const context: ActorContext = { db, actor, verb: verbOf[operation.method], origin, ifMatch: ifMatchOf(request) }
  if (actor.kind === 'user' && actor.viewing && operation.path !== viewAsOperations.stop.path) {
    // A session's own affairs are not part of the project. The other operations are checked where their organization and project
    // are resolved.
    assertWhileViewing(actor, context.verb, operation.permission === 'session' ? null : actor.viewing.project.id)
  }
  return resolve(context, operation.permission, params, request)
}

/** The answer of an operation published without 404 for a project that is unknown or was just deleted. */
function hidden({ hideUnknown }: Operation, error: unknown): unknown {
  const isUnknown =
    error instanceof DomainError && (error.code === 'organization_not_found' || error.code === 'project_not_found')
  return hideUnknown && isUnknown ? new DomainError('forbidden', 'You may not do this here') : error
}
