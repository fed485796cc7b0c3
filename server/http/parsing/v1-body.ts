import type { z } from 'zod'
import type { V1Operation } from '#contract/v1/operation'
import { DomainError } from '#domain/errors'
import { overfull } from './overfull.ts'
import { toValue } from './value.ts'

/** The words of a field; those of one item of a list may be its own. */
const wordsOf = ({ invalid }: V1Operation, [field = '', ...inner]: string[]): string | undefined =>
  (inner.length > 0 ? invalid[`${field}[]`] : undefined) ?? invalid[field]

const refusal = (words: string) => new DomainError('invalid_request', words)

/** The first thing that does not fit, in the words of its field. */
export function refuseInV1(error: z.ZodError, operation: V1Operation, where: string): never {
  const [issue] = error.issues
  const path = (issue?.path ?? []).map(String)
  // A refinement of ours has something of its own to say; what zod says is for people who read schemas.
  const own = issue?.code === 'custom' && issue.message !== 'Invalid input' ? issue.message : undefined
  throw refusal(own ?? wordsOf(operation, path) ?? `invalid ${path[0] ?? where}`)
}

/** A body of the v1 API against its shape; none at all is an empty object, since no body of this API is marked as required. */
export function v1Body(operation: V1Operation, bytes: Uint8Array | undefined): unknown {
  const shape = operation.body!
  const value = bytes ? plainValue(bytes, operation) : {}
  const tooLong = overfull(shape, value)
  if (tooLong) throw refusal(wordsOf(operation, tooLong.path) ?? `invalid ${tooLong.path[0] ?? 'request body'}`)
  const parsed = shape.safeParse(value)
  return parsed.success ? parsed.data : refuseInV1(parsed.error, operation, 'request body')
}

/** Text that Postgres cannot hold is refused in the words of the field that holds it. */
function plainValue(bytes: Uint8Array, operation: V1Operation): unknown {
  try {
    return toValue(bytes, 'json')
  } catch (error) {
    const path = error instanceof DomainError ? error.details?.[0]?.path.split('.') : undefined
    const words = path && wordsOf(operation, path)
    throw words === undefined ? error : refusal(words)
  }
}
