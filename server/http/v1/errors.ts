import { randomUUID } from 'node:crypto'
import { DomainError, type ErrorCode } from '#domain/errors'
import { log } from '#server/log'
import { answerHeaders } from '../answer-headers.ts'
import { failureOf } from '../errors.ts'

/** The v1 API's sentences for refusals of the core (reference v1, 5). Other codes keep the core's sentence. */
const wording: Partial<Record<ErrorCode, string>> = {
  forbidden: 'permission denied',
  scoped_actor: 'permission denied',
  verb_not_granted: 'permission denied',
  out_of_scope: 'permission denied',
  organization_not_found: 'project not found',
  project_not_found: 'project not found',
  member_not_found: 'member not found',
  token_not_found: 'token not found',
  environment_not_found: 'environment not found',
  no_such_environment: 'environment not found',
  environment_exists: 'environment name taken',
  token_name_taken: 'token name taken',
  already_member: 'member already exists',
  last_owner: 'cannot delete last creator',
  email_mismatch: 'email mismatch',
  invited_yourself: 'cannot invite yourself',
  invitation_not_found: 'invitation not found',
  invitation_gone: 'invitation gone',
  inviter_lost_access: 'invitation gone',
  invalid_invitation: 'invalid invitation token',
  invitation_expired: 'invitation expired',
  agent_not_found: 'agent not found',
  machine_id_conflict: 'machine ID conflict',
  core_instance_not_found: 'aggregator not found',
  core_instance_exists: 'aggregator name already exists',
}

/** An invalid argument is 422 in this dialect, not 400. */
const statusInV1 = (status: number) => (status === 400 ? 422 : status)

const internal = { status: 500, sentence: 'internal server error', headers: {} }

/** Answers `{ "error": "…" }` for any failure. */
export function v1Failed(error: unknown, request: Pick<Request, 'method'>, requestId: string = randomUUID()): Response {
  const failure = failureOf(error) ?? internal
  if (failure.status >= 500) log.error({ requestId, method: request.method, err: error }, 'request failed')
  const said = error instanceof DomainError ? (wording[error.code] ?? error.message) : failure.sentence
  return new Response(JSON.stringify({ error: said }), {
    status: statusInV1(failure.status),
    headers: { ...failure.headers, 'content-type': 'application/json', ...answerHeaders(request, requestId) },
  })
}
