import { z } from 'zod'
import { type Operation, mayRepeat } from './operation.ts'

const text = (description: string) => ({ description, schema: { type: 'string' } })

/** The headers of answers, in both APIs. */
export const headers = {
  ETag: text('The version of the resource, for `If-Match` and `If-None-Match`.'),
  'Idempotency-Replayed': text('`true` on an answer that a repetition with the same `Idempotency-Key` gets again.'),
  Link: text('`<…>; rel="next"`: the URL of the next page. Absent on the last page.'),
  Location: text('The URL of the new resource.'),
  RateLimit: text('What is left of the rate limit: `"credential";r=0;t=1` means 0 requests now, and more in 1 second.'),
  'RateLimit-Policy': text('The rate limit: `"credential";q=6000;w=60` means 6,000 requests in 60 seconds.'),
  'Retry-After': { description: 'How many seconds to wait before the next request.', schema: { type: 'integer' } },
  'X-Request-Id': text('The id of the request, as in the server’s log: the client’s own, if it sent one, else a new one.'),
}

type Header = keyof typeof headers

const isList = ({ returns }: Operation) => returns instanceof z.ZodArray

/** Whether an answer names the version of its resource. */
const hasVersion = ({ returns }: Operation) => returns instanceof z.ZodObject && 'updatedAt' in returns.shape

/** The headers of one answer, as references. v1 has no versions. */
export function answerHeaders(operation: Operation, status: number, { hasVersions = true } = {}) {
  const isGood = status < 300
  const names: Header[] = [
    ...(isGood && hasVersions && hasVersion(operation) ? (['ETag'] as const) : []),
    ...(isGood && isList(operation) && !operation.stream ? (['Link'] as const) : []),
    ...(isGood && hasVersions && mayRepeat(operation) ? (['Idempotency-Replayed'] as const) : []),
    ...(isGood && operation.location ? (['Location'] as const) : []),
    ...(operation.isCounted ? (['RateLimit', 'RateLimit-Policy'] as const) : []),
    ...(status === 429 || status === 503 ? (['Retry-After'] as const) : []),
    'X-Request-Id',
  ]
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

const inHeader = (name: string, description: string, schema: object) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema,
})

/** The one header that every request may have, in both APIs. */
export const requestIdHeader = inHeader('X-Request-Id', 'An id of your own for this request, for the server’s log.', {
  type: 'string',
  pattern: '^[\\w.-]{1,128}$',
})

/** The headers of a request that the server honors. */
export function requestHeaders(operation: Operation) {
  return [
    ...(mayRepeat(operation)
      ? [
          inHeader(
            'Idempotency-Key',
            'A repetition with the same key and the same body takes effect once, and gets the first answer for 24 hours.',
            { type: 'string', minLength: 1, maxLength: 255 },
          ),
        ]
      : []),
    ...(operation.errors[412]
      ? [
          inHeader('If-Match', 'The `ETag` that was read. If somebody has changed the resource since, the answer is 412.', {
            type: 'string',
          }),
        ]
      : []),
    ...(operation.method === 'GET' && hasVersion(operation)
      ? [
          inHeader('If-None-Match', 'An `ETag` that was read. If nothing has changed since, the answer is 304 without a body.', {
            type: 'string',
          }),
        ]
      : []),
    requestIdHeader,
  ]
}
