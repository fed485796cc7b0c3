import type { z } from 'zod'
import type { PathParams } from '#contract/operation'
import type { ProjectAction } from '#contract/access/permissions'
import type { V1Operation, V1Permission } from '#contract/v1/operation'
import type { Actor, ActorContext, ProjectContext, UserActor } from '#domain/context'
import { DomainError } from '#domain/errors'
import type { Page } from '#domain/paging'
import { assertCan, verbOf } from '#domain/access/permissions'
import { type Dialect, type Handler, type Incoming, authDatabase, perform, pipeline } from '../pipeline.ts'
import { noteActor, noteOrganization } from '../record.ts'
import type { Params, Resolved } from '../resolve.ts'
import { type Proven, authenticateV1 } from './authenticate.ts'
import { v1Failed } from './errors.ts'
import { parseV1Body, parseV1Query } from './input.ts'
import { reach, resolveTarget, targetOf } from './resolve.ts'

export type Call<Path extends string, Who extends V1Permission, Query extends z.ZodType, Body extends z.ZodType> = {
  params: Record<PathParams<Path>, string>
  query: z.output<Query>
  body: z.output<Body>
  /** The bytes that an operation with a `rawBody` was sent. */
  raw: Buffer
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
  const withBytes = ({ body, ...call }: { body: unknown }) => run({ ...call, body: undefined, raw: body } as never)
  const work = (anyOperation.rawBody ? withBytes : run) as never
  return pipeline(v1Api, anyOperation, (admitted) => perform(v1Api, anyOperation, work, admitted))
}

export const v1Api: Dialect<V1Operation> = {
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
  const db = authDatabase(request)
  const actors = fitting(operation, await authenticateV1(request, db, origin))
  const context = { db, verb: verbOf[operation.method], origin, ifMatch: null }
  const { permission } = operation
  if (permission === 'authenticated') return { actor: { ...context, actor: actors[0]! } }
  const target = targetOf(operation.projectInQuery ? projectInQuery(request) : params)
  const project = target
    ? await resolveTarget(context, actors, target, operation)
    : await own(context, actors, operation.projectInQuery === true)
  noteActor(request, project.actor)
  noteOrganization(request, project.org.id)
  assertCan(project, permission)
  return { actor: project, org: project, project }
}

const notTheirs = () => new DomainError('forbidden', 'permission denied')

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
  if (actors.length === 0) throw notTheirs()
  return actors
}

/** As a path would name the project. Clients in languages without null send an empty id. */
function projectInQuery(request: Request): Params {
  const projectID = new URL(request.url).searchParams.get('project_id')
  return projectID ? { projectID } : {}
}

/** The project of the token, or of the agent or core instance itself, where the request names none; `isNamed` if it could have. */
async function own(context: Omit<ActorContext, 'actor'>, actors: Actor[], isNamed: boolean): Promise<ProjectContext> {
  const actor = actors.find((one) => one.kind === 'project_token')
  if (!actor) throw isNamed ? new DomainError('invalid_request', 'invalid project ID') : notTheirs()
  const project = await reach({ ...context, actor }, actor.projectId)
  if (!project) throw new DomainError('project_not_found', 'No such project')
  return project
}
