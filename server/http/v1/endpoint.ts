import type { z } from 'zod'
import type { PathParams } from '#contract/operation'
import type { ProjectAction } from '#contract/access/permissions'
import type { V1Operation, V1Permission } from '#contract/v1/operation'
import type { Actor, ActorContext, ProjectContext, UserActor } from '#domain/context'
import { DomainError } from '#domain/errors'
import type { Page } from '#domain/paging'
import { assertCan, verbOf } from '#domain/access/permissions'
import { type Dialect, type Handler, type Incoming, authDatabase, perform, pipeline } from '../pipeline.ts'
import type { Resolved } from '../resolve.ts'
import { type Proven, authenticateV1 } from './authenticate.ts'
import { v1Failed } from './errors.ts'
import { parseV1Body, parseV1Query } from './input.ts'
import { reach, resolveTarget, targetOf } from './resolve.ts'

type Call<Path extends string, Who extends V1Permission, Query extends z.ZodType, Body extends z.ZodType> = {
  params: Record<PathParams<Path>, string>
  query: z.output<Query>
  body: z.output<Body>
} & (Who extends ProjectAction ? { project: ProjectContext } : { actor: ActorContext & { actor: UserActor } })

type Result<Returns extends z.ZodType> = Returns extends z.ZodUndefined
  ? void
  : Returns extends z.ZodArray<infer Item>
    ? Page<z.input<Item>>
    : z.input<Returns>

/** Turns one v1 operation into a Web handler. */
export function v1Endpoint<
  Path extends string,
  Who extends V1Permission,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Returns extends z.ZodType,
>(
  operation: V1Operation<Path, Who, Query, Body, Returns>,
  run: (call: Call<Path, Who, Query, Body>) => Promise<Result<Returns>> | Result<Returns>,
): Handler {
  const anyOperation = operation as unknown as V1Operation
  return pipeline(v1Api, anyOperation, (admitted) => perform(v1Api, anyOperation, run as never, admitted))
}

const v1Api: Dialect<V1Operation> = {
  reach: resolve,
  parseQuery: parseV1Query,
  parseBody: parseV1Body,
  hasVersions: false,
  nextUrl(url, cursor) {
    url.searchParams.set('before', cursor)
    // The client's parser drops commas without a quote before them.
    return (url.pathname + url.search).replaceAll(',', '%2C')
  },
  refuse: (error, _operation, request, requestId) => v1Failed(error, request, requestId),
}

/** The URL is resolved for the first actor that reaches it. */
async function resolve(operation: V1Operation, { request, params, origin }: Incoming): Promise<Partial<Resolved>> {
  const db = authDatabase()
  const actors = fitting(operation, await authenticateV1(request, db, origin))
  const context = { db, verb: verbOf[operation.method], origin, ifMatch: null }
  const { permission } = operation
  if (permission === 'authenticated') return { actor: { ...context, actor: actors[0]! } }
  const target = targetOf(params)
  const project = target ? await resolveTarget(context, actors, target, operation) : await own({ ...context, actor: actors[0]! })
  assertCan(project, permission)
  return { actor: project, org: project, project }
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
