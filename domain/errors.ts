import type { FactorMethod } from '#contract/accounts/factors'
import type { ErrorCode } from '#contract/errors'

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

/** Throws the problems of a document: the first in the sentence, all as details. */
export function assertSound(code: ErrorCode, sentence: string, problems: ErrorDetail[]): void {
  const [first] = problems
  if (first) throw new DomainError(code, `${sentence}: ${first.path} ${first.message}`, problems)
}

/** The password was right, and a second factor is required. `pending` names this sign-in to the second step. */
export class SecondFactorRequired extends DomainError {
  readonly methods: FactorMethod[]
  readonly pending: string | undefined

  constructor(methods: FactorMethod[], pending?: string) {
    super('second_factor_required', 'The password is correct. Continue with your second factor')
    this.methods = methods
    this.pending = pending
  }
}

const inWords = (seconds: number) =>
  seconds <= 90 ? `${seconds} ${seconds === 1 ? 'second' : 'seconds'}` : `${Math.ceil(seconds / 60)} minutes`

/** A role that does not allow the action. */
export class RoleTooLow extends DomainError {
  /** For a member whom an owner could make an admin, which would allow it. */
  readonly needsAdmin: boolean

  constructor(sentence: string, needsAdmin: boolean) {
    super('forbidden', sentence)
    this.needsAdmin = needsAdmin
  }
}

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
    super('too_many_attempts', 'Too many failed tries', retryAfter)
  }
}
