import { RoleTooLow } from '#domain/errors'
import { type Refused, refused } from '../errors.ts'
import { requestIdOf } from '../record.ts'

/** The v1 API's sentences for the codes of the Org API (reference v1, 5). Other codes keep their sentence. */
const wording: Partial<Record<string, string>> = {
  forbidden: 'permission denied',
  scoped_actor: 'permission denied',
  verb_not_granted: 'permission denied',
  out_of_scope: 'permission denied',
  organization_not_found: 'project not found',
  project_not_found: 'project not found',
  member_not_found: 'member not found',
  token_not_found: 'token not found',
  environment_not_found: 'environment not found',
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
  internal_error: 'internal server error',
}

/** To a member, permissions look like all that there is; the role that they limit has no other place in this API. */
const roleSentence =
  'permission denied: this needs the role admin, which permissions do not give. An owner of the project can make you an admin on its page Members, or with PATCH /orgs/{orgId}/projects/{projectId}/members/{userId} and {"role":"admin"}'

const needsAdmin = (error: unknown) => error instanceof RoleTooLow && error.needsAdmin

/** Refuses with `{ "error": "…" }`. An invalid argument is 422 in this dialect, not 400. */
export const v1Failed = (error: unknown, request: Refused, requestId: string = requestIdOf(request)): Response =>
  refused(error, request, requestId, ({ status, headers, code, sentence }) => ({
    status: status === 400 ? 422 : status,
    headers,
    body: { error: needsAdmin(error) ? roleSentence : (wording[code] ?? sentence) },
  }))
