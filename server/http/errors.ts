import { type ErrorBody, type ErrorCode, publicCodeOf, statusOf } from '#contract/errors'
import { Abandoned } from '#db/client'
import { Overloaded } from '#db/shares'
import { DomainError, type ErrorDetail, SecondFactorRequired, TryLater } from '#domain/errors'
import { log } from '#server/log'
import { answerHeaders } from './answer-headers.ts'
import { noteRefusal, requestIdOf } from './record.ts'
import { pendingCookie } from './session/pending-cookie.ts'

type Failure = {
  status: number
  code: ErrorCode
  sentence: string
  details?: ErrorDetail[] | undefined
  /** How the second factor can be given. */
  methods?: ErrorBody['methods']
  headers: Record<string, string>
}

/** Says so when the list of details was cut. */
const sentenceOf = ({ message, details, problems }: DomainError) =>
  details && problems > details.length
    ? `${message}. These are the first ${details.length} of ${problems.toLocaleString('en-US')} problems`
    : message

const failure = (code: ErrorCode, sentence: string, headers: Record<string, string> = {}): Failure => ({
  status: statusOf[code],
  code: publicCodeOf(code),
  sentence,
  headers,
})

const retryAfter = (seconds: number) => ({ 'retry-after': String(seconds) })

function headersOf(error: DomainError): Record<string, string> {
  if (error instanceof TryLater) return retryAfter(error.retryAfter)
  if (error instanceof SecondFactorRequired && error.pending !== undefined)
    return { 'www-authenticate': 'Bearer', 'set-cookie': pendingCookie(error.pending) }
  const status = statusOf[error.code]
  return status === 401 ? { 'www-authenticate': 'Bearer' } : status === 503 ? retryAfter(1) : {}
}

/** Undefined for a bug, whose answer contains only the request id. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof DomainError) {
    const refusal = { ...failure(error.code, sentenceOf(error), headersOf(error)), details: error.details }
    return error instanceof SecondFactorRequired ? { ...refusal, methods: error.methods } : refusal
  }
  if (error instanceof Overloaded)
    return error.own
      ? failure(
          'too_much_at_once',
          'You have too many requests in progress. Wait for some to finish, then try again',
          retryAfter(2),
        )
      : failure('overloaded', 'The server is overloaded. Try again in a moment', retryAfter(2))
  // The client has left; nobody reads this answer.
  if (error instanceof Abandoned) return failure('request_timeout', 'The client closed the connection')
  if (isTimedOut(error))
    return failure(
      'timed_out',
      'This request took too long and was stopped. Nothing has changed. Send a smaller request, or try again in a moment',
      retryAfter(5),
    )
  if (isOutOfRoom(error))
    return failure(
      'unavailable',
      'The server has run out of disk space or memory. Nothing has changed. Ask its operator to make room, then try again',
      retryAfter(30),
    )
  if (isDatabaseAway(error)) return failure('unavailable', 'The database is unavailable. Try again in a moment', retryAfter(1))
  return undefined
}

const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08003',
  '08001',
  '53300',
  // With this, a pooler says everything that is wrong: it has no session to give, or has lost the one it gave.
  '08P01',
  // The database no longer accepts our credentials.
  '28000',
  '28P01',
])
const awayMessages =
  /has lost a setting|Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Connection ended/

/** The error code of the database or the network. */
const codeOf = (error: Error) => String((error as { code?: unknown }).code)

/** A statement that ran longer than `statement_timeout`, or waited for a lock longer than `lock_timeout` (db/client.ts). */
const isTimedOut = (error: unknown) => error instanceof Error && ['57014', '55P03'].includes(codeOf(error))

/** A full disk, ours or the database's, or exhausted memory. */
const isOutOfRoom = (error: unknown) => error instanceof Error && ['53100', '53200', 'ENOSPC', 'EDQUOT'].includes(codeOf(error))

/** The database server stopped, is starting, or cannot be reached. */
export const isDatabaseAway = (error: unknown): boolean =>
  error instanceof Error && (awayCodes.has(codeOf(error)) || awayMessages.test(error.message))

const bug = failure('internal_error', 'Something went wrong on our side. Include this request id when you report it')

/** Turns a refusal into an answer as `write` says, and a bug too, with its details in the log. */
export function refused(
  error: unknown,
  request: Pick<Request, 'method'>,
  requestId: string,
  write: (failure: Failure) => { status: number; body: unknown; headers: Record<string, string> },
): Response {
  const given = failureOf(error) ?? bug
  noteRefusal(request, given.code)
  if (given.status >= 500 && given.status !== 501) log.error({ requestId, method: request.method, err: error }, 'request failed')
  const { status, body, headers } = write(given)
  const all = { ...headers, ...(body !== null && { 'content-type': 'application/json' }), ...answerHeaders(request, requestId) }
  return new Response(body === null ? null : JSON.stringify(body), { status, headers: all })
}

/** What a refusal needs of its request. Where no request could be made of what was sent, there are no headers. */
export type Refused = Pick<Request, 'method'> & { headers?: Headers }

/** Refuses in the Org API. */
export const failed = (error: unknown, request: Refused, requestId: string = requestIdOf(request)): Response =>
  refused(error, request, requestId, ({ status, headers, sentence, code, details, methods }) => {
    const body: ErrorBody = { error: sentence, code, ...(details && { details }), ...(methods && { methods }), requestId }
    return { status, headers, body }
  })
