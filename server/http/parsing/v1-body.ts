import type { z } from 'zod'
import type { V1Operation } from '#contract/v1/operation'
import { DomainError } from '#domain/errors'
import { overfull } from './overfull.ts'
import { toValue } from './value.ts'

/** The sentence for an invalid field; items of a list may have their own. */
const wordsOf = ({ invalid }: V1Operation, [field = '', ...inner]: string[]): string | undefined =>
  (inner.length > 0 ? invalid[`${field}[]`] : undefined) ?? invalid[field]

const refusal = (words: string) => new DomainError('invalid_request', words)

/** Refuses with the sentence of the first field that does not fit. */
export function refuseInV1(error: z.ZodError, operation: V1Operation, where: string): never {
  const [issue] = error.issues
  const path = (issue?.path ?? []).map(String)
  const own = issue?.code === 'custom' && issue.params?.['isWholeError'] ? issue.message : undefined
  throw refusal(own ?? wordsOf(operation, path) ?? `invalid ${path[0] ?? where}`)
}

/** Parses a body of the v1 API with its shape. No body means an empty object, since this API marks no body as required. */
export function v1Body(operation: V1Operation, bytes: Uint8Array | undefined): unknown {
  const shape = operation.body!
  const value = bytes ? plainValue(bytes, operation) : {}
  const tooLong = overfull(shape, value)
  if (tooLong) throw refusal(wordsOf(operation, tooLong.path) ?? `invalid ${tooLong.path[0] ?? 'request body'}`)
  const parsed = shape.safeParse(value)
  return parsed.success ? parsed.data : refuseInV1(parsed.error, operation, 'request body')
}

/** Refuses text that Postgres cannot store, with the sentence of its field. */
function plainValue(bytes: Uint8Array, operation: V1Operation): unknown {
  try {
    return toValue(bytes, 'json')
  } catch (error) {
    const path = error instanceof DomainError ? error.details?.[0]?.path.split('.') : undefined
    const words = path && wordsOf(operation, path)
    throw words === undefined ? error : refusal(words)
  }
}
