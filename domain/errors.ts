/** What a caller can do wrong, or what stands in his way. Every one maps to a status in `server/http/errors.ts`. */
export type ErrorCode =
  | 'invalid_request'
  | 'unauthenticated'
  | 'forbidden'
  | 'scoped_actor'
  | 'verb_not_granted'
  | 'out_of_scope'
  | 'confirmation_required'
  | 'reauthentication_required'
  | 'cross_site'
  | 'not_found'
  | 'organization_not_found'
  | 'project_not_found'
  | 'member_not_found'
  | 'user_not_found'
  | 'token_not_found'
  | 'environment_not_found'
  | 'no_such_environment'
  | 'entity_type_not_found'
  | 'unknown_entity_type'
  | 'cell_not_found'
  | 'parent_cell_not_found'
  | 'entity_not_found'
  | 'wipe_not_found'
  | 'repo_link_not_found'
  | 'reserved_slug'
  | 'slug_taken'
  | 'email_taken'
  | 'already_member'
  | 'inherited'
  | 'last_owner'
  | 'deletion_protected'
  | 'not_restorable'
  | 'purged'
  | 'token_expired'
  | 'environment_exists'
  | 'default_environment'
  | 'environment_in_use'
  | 'entity_type_exists'
  | 'entity_type_in_use'
  | 'invalid_entity_type'
  | 'cell_exists'
  | 'cell_in_use'
  | 'cell_cycle'
  | 'invalid_membership'
  | 'invalid_parent'
  | 'derived_cell'
  | 'entity_exists'
  | 'ambiguous_name'
  | 'invalid_entity'
  | 'repo_link_exists'
  | 'already_set_up'
  | 'invalid_setup_token'
  | 'wrong_password'
  | 'precondition_failed'
  | 'idempotency_key_reused'
  | 'unavailable'

export type ErrorDetail = { path: string; message: string }

/** Thrown for what the caller did wrong: a code for programs, a sentence for people, and the fields it is about. Bugs throw anything else. */
export class DomainError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetail[] | undefined

  constructor(code: ErrorCode, sentence: string, details?: ErrorDetail[]) {
    super(sentence)
    this.code = code
    this.details = details
  }
}
