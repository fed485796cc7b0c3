import type { OidcProblem } from '#contract/accounts/oidc'
import type { FactorMethod } from '#contract/accounts/factors'

/** Every mistake or obstacle that a caller can meet. Each code maps to a status in `server/http/errors.ts`. */
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
  | 'viewing_as'
  | 'viewing_yourself'
  | 'nothing_to_view'
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
  | 'token_lifetime_too_long'
  | 'token_lives_too_long'
  | 'environment_exists'
  | 'default_environment'
  | 'environment_in_use'
  | 'entity_type_exists'
  | 'entity_type_in_use'
  | 'invalid_entity_type'
  | 'cell_exists'
  | 'cell_in_use'
  | 'cell_in_scope'
  | 'cell_cycle'
  | 'cell_too_deep'
  | 'too_many_cells'
  | 'invalid_membership'
  | 'invalid_parent'
  | 'derived_cell'
  | 'entity_exists'
  | 'ambiguous_name'
  | 'invalid_entity'
  | 'repo_link_exists'
  | 'relationship_type_not_found'
  | 'unknown_relationship_type'
  | 'relationship_type_exists'
  | 'relationship_type_in_use'
  | 'invalid_relationship_type'
  | 'relationship_not_found'
  | 'relationship_exists'
  | 'invalid_relationship'
  | 'cardinality_exceeded'
  | 'constraint_exceeded'
  | 'entity_in_use'
  | 'unknown_metric'
  | 'secret_not_found'
  | 'secret_exists'
  | 'destructive_change'
  | 'project_not_empty'
  | 'invalid_import'
  | 'revision_not_found'
  | 'token_name_taken'
  | 'invalid_invitation'
  | 'invitation_expired'
  | 'invitation_gone'
  | 'invitation_not_found'
  | 'inviter_lost_access'
  | 'email_mismatch'
  | 'invited_yourself'
  | 'invalid_email'
  | 'invited_twice'
  | 'agent_not_found'
  | 'ambiguous_id'
  | 'machine_id_conflict'
  | 'reserved_for_agent'
  | 'core_instance_not_found'
  | 'core_instance_exists'
  | 'session_not_found'
  | 'webhook_not_found'
  | 'delivery_not_found'
  | 'webhook_limit_reached'
  | 'webhook_address_not_allowed'
  | 'webhook_disabled'
  | 'notice_not_found'
  | 'wrong_credentials'
  | 'weak_password'
  | 'too_many_attempts'
  | 'rate_limited'
  | 'mail_limit_reached'
  | 'quota_reached'
  | 'already_set_up'
  | 'invalid_setup_token'
  | 'wrong_password'
  | 'second_factor_required'
  | 'sign_in_expired'
  | 'wrong_code'
  | 'code_used'
  | 'code_expired'
  | 'wrong_recovery_code'
  | 'recovery_code_used'
  | 'wrong_passkey'
  | 'passkey_expired'
  | 'passkey_not_found'
  | 'passkey_exists'
  | 'passkeys_unavailable'
  | 'too_many_passkeys'
  | 'factor_not_found'
  | 'totp_enabled'
  | 'totp_not_started'
  | 'precondition_failed'
  | 'idempotency_key_reused'
  | 'answer_not_kept'
  | 'unavailable'
  | 'overloaded'
  | 'too_much_at_once'
  | 'identity_not_found'
  | 'reset_link_invalid'
  | 'reset_link_expired'
  | 'reset_link_used'
  | 'last_sign_in_method'
  | OidcProblem

export type ErrorDetail = { path: string; message: string }

/** An answer names at most this many fields: nobody reads more, and 100,000 would be as large as the request. */
const MOST_DETAILS = 100
/** A key may be a megabyte long, and its start is enough to recognize it. */
const MOST_CHARACTERS = 1000

const shortened = (text: string) => (text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text)

/**
 * Thrown for a caller's mistake: a code for programs, a sentence for people, and the fields it concerns. Bugs throw anything
 * else.
 */
export class DomainError extends Error {
  readonly code: ErrorCode
  /** At most `MOST_DETAILS`. */
  readonly details: ErrorDetail[] | undefined
  /** The number of problems, including those that `details` leaves out. */
  readonly problems: number

  constructor(code: ErrorCode, sentence: string, details?: ErrorDetail[], problems: number = details?.length ?? 0) {
    super(shortened(sentence))
    this.code = code
    this.details = details
      ?.slice(0, MOST_DETAILS)
      .map(({ path, message }) => ({ path: shortened(path), message: shortened(message) }))
    this.problems = problems
  }
}

/** The password was right, and a second factor is required. `pending` names this sign-in to the second step. */
export class SecondFactorRequired extends DomainError {
  readonly methods: FactorMethod[]
  readonly pending: string | undefined

  constructor(methods: FactorMethod[], pending?: string) {
    super('second_factor_required', 'The password is right. Now prove it with your second factor')
    this.methods = methods
    this.pending = pending
  }
}

const inWords = (seconds: number) =>
  seconds <= 90 ? `${seconds} ${seconds === 1 ? 'second' : 'seconds'}` : `${Math.ceil(seconds / 60)} minutes`

/** Too much at once; the caller may retry after `retryAfter` seconds. */
export class TryLater extends DomainError {
  readonly retryAfter: number

  constructor(code: ErrorCode, what: string, retryAfter: number) {
    super(code, `${what}. Try again in ${inWords(retryAfter)}`)
    this.retryAfter = retryAfter
  }
}

/** Too many failed tries. */
export class TooManyAttempts extends TryLater {
  constructor(retryAfter: number) {
    super('too_many_attempts', 'Too many wrong tries', retryAfter)
  }
}
