import type { ErrorBody } from '#contract/errors'
import { Abandoned } from '#db/client'
import { Overloaded } from '#db/shares'
import { DomainError, type ErrorCode, type ErrorDetail, SecondFactorRequired, TryLater } from '#domain/errors'
import { newRequestId } from '#domain/ids'
import { log } from '#server/log'
import { answerHeaders } from './answer-headers.ts'
import { pendingCookie } from './session/pending-cookie.ts'

/** The one table from codes to statuses. */
export const statusOf = {
  invalid_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  scoped_actor: 403,
  verb_not_granted: 403,
  out_of_scope: 403,
  confirmation_required: 403,
  reauthentication_required: 403,
  cross_site: 403,
  viewing_as: 403,
  viewing_yourself: 403,
  nothing_to_view: 409,
  not_found: 404,
  organization_not_found: 404,
  project_not_found: 404,
  member_not_found: 404,
  user_not_found: 404,
  token_not_found: 404,
  environment_not_found: 404,
  no_such_environment: 400,
  entity_type_not_found: 404,
  unknown_entity_type: 400,
  cell_not_found: 404,
  parent_cell_not_found: 404,
  entity_not_found: 404,
  wipe_not_found: 404,
  repo_link_not_found: 404,
  reserved_slug: 400,
  slug_taken: 409,
  email_taken: 409,
  already_member: 409,
  inherited: 409,
  last_owner: 409,
  deletion_protected: 409,
  not_restorable: 409,
  purged: 410,
  token_expired: 409,
  token_lifetime_too_long: 400,
  token_lives_too_long: 403,
  environment_exists: 409,
  default_environment: 409,
  environment_in_use: 409,
  entity_type_exists: 409,
  entity_type_in_use: 409,
  invalid_entity_type: 400,
  cell_exists: 409,
  cell_in_use: 409,
  cell_in_scope: 409,
  cell_cycle: 400,
  cell_too_deep: 400,
  too_many_cells: 400,
  invalid_membership: 400,
  invalid_parent: 400,
  derived_cell: 409,
  entity_exists: 409,
  ambiguous_name: 409,
  invalid_entity: 400,
  repo_link_exists: 409,
  relationship_type_not_found: 404,
  unknown_relationship_type: 400,
  relationship_type_exists: 409,
  relationship_type_in_use: 409,
  invalid_relationship_type: 400,
  relationship_not_found: 404,
  relationship_exists: 409,
  invalid_relationship: 400,
  cardinality_exceeded: 409,
  constraint_exceeded: 409,
  entity_in_use: 409,
  unknown_metric: 400,
  secret_not_found: 404,
  secret_exists: 409,
  destructive_change: 409,
  project_not_empty: 409,
  invalid_import: 400,
  revision_not_found: 404,
  token_name_taken: 409,
  invalid_invitation: 401,
  invitation_expired: 401,
  invitation_gone: 410,
  invitation_not_found: 404,
  inviter_lost_access: 410,
  email_mismatch: 403,
  invited_yourself: 403,
  invalid_email: 400,
  invited_twice: 400,
  agent_not_found: 404,
  ambiguous_id: 409,
  machine_id_conflict: 409,
  reserved_for_agent: 403,
  core_instance_not_found: 404,
  core_instance_exists: 409,
  session_not_found: 404,
  webhook_not_found: 404,
  delivery_not_found: 404,
  webhook_limit_reached: 409,
  webhook_address_not_allowed: 400,
  webhook_disabled: 409,
  notice_not_found: 404,
  wrong_credentials: 401,
  weak_password: 400,
  too_many_attempts: 429,
  rate_limited: 429,
  mail_limit_reached: 429,
  quota_reached: 409,
  already_set_up: 409,
  invalid_setup_token: 403,
  wrong_password: 403,
  second_factor_required: 401,
  sign_in_expired: 401,
  wrong_code: 403,
  code_used: 403,
  code_expired: 403,
  wrong_recovery_code: 403,
  recovery_code_used: 403,
  wrong_passkey: 403,
  passkey_expired: 403,
  passkey_not_found: 404,
  passkey_exists: 409,
  passkeys_unavailable: 409,
  too_many_passkeys: 409,
  factor_not_found: 404,
  totp_enabled: 409,
  totp_not_started: 409,
  precondition_failed: 412,
  idempotency_key_reused: 422,
  answer_not_kept: 409,
  unavailable: 503,
  overloaded: 503,
  too_much_at_once: 429,
  identity_not_found: 404,
  reset_link_invalid: 404,
  reset_link_expired: 410,
  reset_link_used: 410,
  last_sign_in_method: 409,
  oidc_not_configured: 404,
  oidc_unreachable: 503,
  oidc_provider_invalid: 502,
  oidc_provider_error: 502,
  oidc_denied: 403,
  oidc_state_missing: 400,
  oidc_state_mismatch: 400,
  oidc_flow_lost: 400,
  oidc_replayed: 409,
  oidc_code_refused: 400,
  oidc_nonce_mismatch: 400,
  oidc_audience_mismatch: 400,
  oidc_issuer_mismatch: 400,
  oidc_token_expired: 400,
  oidc_signature_invalid: 400,
  oidc_email_missing: 403,
  oidc_email_unverified: 403,
  oidc_other_identity: 409,
  oidc_unlinked: 403,
  oidc_linked_elsewhere: 409,
  oidc_other_subject: 403,
  oidc_not_reauthenticated: 403,
  oidc_session_over: 401,
} as const satisfies Record<ErrorCode, number>

/** A refusal by HTTP itself, before the domain is asked. */
export class HttpError extends Error {
  readonly status: 400 | 404 | 405 | 408 | 413 | 415
  readonly code:
    | 'invalid_request'
    | 'not_found'
    | 'method_not_allowed'
    | 'request_timeout'
    | 'body_too_large'
    | 'unsupported_media_type'
  readonly headers: Record<string, string>

  constructor(status: HttpError['status'], code: HttpError['code'], sentence: string, headers: Record<string, string> = {}) {
    super(sentence)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/** Public names of codes whose domain name differs from the contract's. */
const publicCode: Partial<Record<ErrorCode, string>> = {
  no_such_environment: 'environment_not_found',
  unknown_entity_type: 'entity_type_not_found',
}

/** The name of a code in an answer. */
export const publicCodeOf = (code: ErrorCode): string => publicCode[code] ?? code

export type Failure = {
  status: number
  code: string
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

/** Undefined for a bug, whose answer contains only the request id. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof HttpError)
    return { status: error.status, code: error.code, sentence: error.message, headers: error.headers }
  if (error instanceof DomainError) {
    const status = statusOf[error.code]
    const headers: Record<string, string> =
      error instanceof TryLater
        ? { 'retry-after': String(error.retryAfter) }
        : status === 401
          ? { 'www-authenticate': 'Bearer' }
          : status === 503
            ? { 'retry-after': '1' }
            : {}
    const refusal = { status, code: publicCodeOf(error.code), sentence: sentenceOf(error), details: error.details, headers }
    if (!(error instanceof SecondFactorRequired)) return refusal
    if (error.pending !== undefined) headers['set-cookie'] = pendingCookie(error.pending)
    return { ...refusal, methods: error.methods }
  }
  if (error instanceof Overloaded) {
    const sentence = error.own
      ? 'You have too many requests under way. Wait for some of them, then try again'
      : 'The server has too much to do. Try again in a moment'
    const [status, code] = error.own ? ([429, 'too_much_at_once'] as const) : ([503, 'overloaded'] as const)
    return { status, code, sentence, headers: { 'retry-after': '2' } }
  }
  // The client has left; nobody reads this answer.
  if (error instanceof Abandoned) return { status: 408, code: 'request_timeout', sentence: 'The client has hung up', headers: {} }
  if (isTimedOut(error)) {
    return {
      status: 503,
      code: 'timed_out',
      sentence:
        'This took longer than it may and was given up; nothing has changed. Ask for less at once, or try again in a moment',
      headers: { 'retry-after': '5' },
    }
  }
  if (isOutOfRoom(error)) {
    return {
      status: 503,
      code: 'unavailable',
      sentence:
        'There is no room on the disk for this; nothing has changed. Try again once whoever runs the server has made some',
      headers: { 'retry-after': '30' },
    }
  }
  if (isDatabaseAway(error)) {
    return {
      status: 503,
      code: 'unavailable',
      sentence: 'The database is away; try again in a moment',
      headers: { 'retry-after': '1' },
    }
  }
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
  // The database no longer accepts our credentials.
  '28000',
  '28P01',
])
const awayMessages =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Connection ended/

/** The error code of the database or the network. */
const codeOf = (error: Error) => String((error as { code?: unknown }).code)

/** A statement that ran longer than `statement_timeout`, or waited for a lock longer than `lock_timeout` (db/client.ts). */
const isTimedOut = (error: unknown) => error instanceof Error && ['57014', '55P03'].includes(codeOf(error))

/** A full disk, ours or the database's, or exhausted memory. */
const isOutOfRoom = (error: unknown) => error instanceof Error && ['53100', '53200', 'ENOSPC', 'EDQUOT'].includes(codeOf(error))

/** The database server stopped, is starting, or cannot be reached. */
export const isDatabaseAway = (error: unknown): boolean =>
  error instanceof Error && (awayCodes.has(codeOf(error)) || awayMessages.test(error.message))

const bug: Failure = {
  status: 500,
  code: 'internal_error',
  sentence: 'Something went wrong on our side. Give this request id when you report it',
  headers: {},
}

/** Turns a refusal into an answer as `write` says, and a bug too, with its details in the log. */
export function refused(
  error: unknown,
  request: Pick<Request, 'method'>,
  requestId: string,
  write: (failure: Failure) => { status: number; body: unknown; headers: Record<string, string> },
): Response {
  const failure = failureOf(error) ?? bug
  if (failure.status >= 500) log.error({ requestId, method: request.method, err: error }, 'request failed')
  const { status, body, headers } = write(failure)
  const all = { ...headers, ...(body !== null && { 'content-type': 'application/json' }), ...answerHeaders(request, requestId) }
  return new Response(body === null ? null : JSON.stringify(body), { status, headers: all })
}

/** Refuses in the Org API. */
export const failed = (error: unknown, request: Pick<Request, 'method'>, requestId: string = newRequestId()): Response =>
  refused(error, request, requestId, ({ status, headers, sentence, code, details, methods }) => {
    const body: ErrorBody = { error: sentence, code, ...(details && { details }), ...(methods && { methods }), requestId }
    return { status, headers, body }
  })
