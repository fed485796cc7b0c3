import { z } from 'zod'
import type { V1Operation } from '#contract/v1/operation'
import { DomainError } from '#domain/errors'
import { toValue } from '../input.ts'

/** The words of a field; those of one item of a list may be its own. */
const wordsOf = ({ invalid }: V1Operation, [field = '', ...inner]: string[]): string | undefined =>
  (inner.length > 0 ? invalid[`${field}[]`] : undefined) ?? invalid[field]

/** The first thing that does not fit, in the words of its field. */
function refuse(error: z.ZodError, operation: V1Operation, where: string): never {
  const [issue] = error.issues
  const path = (issue?.path ?? []).map(String)
  // A refinement of ours has something of its own to say; what zod says is for people who read schemas.
  const own = issue?.code === 'custom' && issue.message !== 'Invalid input' ? issue.message : undefined
  throw new DomainError('invalid_request', own ?? wordsOf(operation, path) ?? `invalid ${path[0] ?? where}`)
}

/** The query string against its shape: what it does not name is ignored, and what may come several times is a list. */
export function parseV1Query(request: Request, operation: V1Operation): unknown {
  const start = request.url.indexOf('?')
  const search = new URLSearchParams(start < 0 ? '' : request.url.slice(start + 1))
  const given: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  const shape = (operation.query as z.ZodObject).shape as Record<string, z.ZodType>
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name)
    if (values.some((value) => value.includes('\0'))) throw new DomainError('invalid_request', `invalid ${name}`)
    given[name] = isList(shape[name]) ? values : values[0]
  }
  const parsed = operation.query.safeParse({ ...given })
  return parsed.success ? parsed.data : refuse(parsed.error, operation, 'query')
}

function isList(shape: z.ZodType | undefined): boolean {
  if (shape instanceof z.ZodDefault || shape instanceof z.ZodOptional) return isList(shape.unwrap() as z.ZodType)
  return shape instanceof z.ZodArray
}

/** The body against its shape; none at all is an empty object, since no body of this API is marked as required. */
export function parseV1Body(request: Request, bytes: Uint8Array | undefined, operation: V1Operation): unknown {
  if (operation.rawBody && !bytes) throw new DomainError('invalid_request', operation.invalid['body'] ?? 'invalid request body')
  if (!operation.body) return undefined
  const parsed = operation.body.safeParse(bytes ? plainValue(request, bytes, operation) : {})
  return parsed.success ? parsed.data : refuse(parsed.error, operation, 'request body')
}

/** Text that Postgres cannot hold is refused in the words of the field that holds it. */
function plainValue(request: Request, bytes: Uint8Array, operation: V1Operation): unknown {
  try {
    return toValue(request, bytes, false)
  } catch (error) {
    const path = error instanceof DomainError ? error.details?.[0]?.path.split('.') : undefined
    const words = path && wordsOf(operation, path)
    throw words === undefined ? error : new DomainError('invalid_request', words)
  }
}
