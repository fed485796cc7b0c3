import type { IncomingMessage } from 'node:http'
import type { Method } from '#contract/operation'
import type { Actor } from '#domain/context'
import { newRequestId } from '#domain/ids'
import { exchangeOf } from './exchange.ts'

/** What a request turned out to be, for its line in the log and for the metrics. Never a secret, nor text that a client chose freely. */
export type RequestRecord = {
  requestId: string
  /** From the client's `traceparent`. */
  traceId: string | undefined
  method: string
  address: string
  /** As the contract names it: `GET /orgs/{orgId}`; for what Next serves, its kind. */
  operation: string | undefined
  actorKind: 'user' | 'project_token' | 'agent' | 'core-instance' | undefined
  actorId: string | undefined
  orgId: string | undefined
  /** Why it was refused. */
  code: string | undefined
  /** Undefined until it is over, and where the client hung up before the answer began. */
  status: number | undefined
  /** The status of the result, where lines of progress left before it. */
  resultStatus: number | undefined
  /** The connection closed before the answer was complete. */
  isCut: boolean
  milliseconds: number
}

const slot = Symbol('record')
type Recorded = IncomingMessage & { [slot]?: RequestRecord }

/** The front calls this for each request. */
export const startRecord = (incoming: IncomingMessage, record: RequestRecord): void =>
  void ((incoming as Recorded)[slot] = record)

/** Undefined for what did not come through the front. */
export const recordOf = (incoming: IncomingMessage): RequestRecord | undefined => (incoming as Recorded)[slot]

/** The record of a request of the lane. */
function recordInLane(request: object): RequestRecord | undefined {
  const incoming = exchangeOf(request as Request)?.incoming
  return incoming && recordOf(incoming)
}

const names = new WeakMap<object, string>()

/** The name of an operation in the log and in metrics. */
export function operationName(operation: { method: Method; path: string }): string {
  const known = names.get(operation)
  if (known !== undefined) return known
  const name = `${operation.method} ${operation.path}`
  names.set(operation, name)
  return name
}

export function noteOperation(request: object, operation: { method: Method; path: string }): void {
  const record = recordInLane(request)
  if (record) record.operation = operationName(operation)
}

export function noteActor(request: object, actor: Actor): void {
  const record = recordInLane(request)
  if (!record) return
  record.actorKind = actor.kind === 'user' ? 'user' : (actor.itself ?? 'project_token')
  record.actorId = actor.id
  if (actor.orgId !== null) record.orgId = actor.orgId
}

export function noteOrganization(request: object, orgId: string): void {
  const record = recordInLane(request)
  if (record) record.orgId = orgId
}

export function noteRefusal(request: object, code: string): void {
  const record = recordInLane(request)
  if (record) record.code = code
}

export function noteResult(request: object, status: number): void {
  const record = recordInLane(request)
  if (record) record.resultStatus = status
}

/** The header in which a client may name its request, and in which every answer says the request's id. */
export const requestIdHeader = 'x-request-id'

/** An id that can stand in a log, a URL and a header as it is. */
const plain = /^[\w.-]{1,128}$/

/** The client's own id for its request when it is plain, else a new one. */
export const keptRequestId = (sent: unknown): string => (typeof sent === 'string' && plain.test(sent) ? sent : newRequestId())

/** The id of a request. Without the front, each call may make another. */
export const requestIdOf = (request: { headers?: Headers }): string =>
  recordInLane(request)?.requestId ?? keptRequestId(request.headers?.get(requestIdHeader))
