import { z } from 'zod'
import type { V1Operation } from '#contract/v1/operation'
import { DomainError } from '#domain/errors'
import type { Body } from '../body-store.ts'
import { formatOf, smallBytes } from '../input.ts'
import { keyOf } from '../parsing/org-body.ts'
import { parseLarge } from '../parsing/parse-large.ts'
import { refuseInV1, v1Body } from '../parsing/v1-body.ts'

/** Parses the query string with its shape. Unknown parameters are ignored, and repeatable ones become a list. */
export function parseV1Query(request: Request, operation: V1Operation): unknown {
  const start = request.url.indexOf('?')
  const search = new URLSearchParams(start < 0 ? '' : request.url.slice(start + 1))
  const given: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  const shape = (operation.query as z.ZodObject).shape as Record<string, z.ZodType>
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name)
    if ([name, ...values].some((text) => text.includes('\0')))
      throw new DomainError('invalid_request', `invalid ${name.replaceAll('\0', '')}`)
    given[name] = isList(shape[name]) ? values : values[0]
  }
  const parsed = operation.query.safeParse({ ...given })
  return parsed.success ? parsed.data : refuseInV1(parsed.error, operation, 'query')
}

function isList(shape: z.ZodType | undefined): boolean {
  if (shape instanceof z.ZodDefault || shape instanceof z.ZodOptional) return isList(shape.unwrap() as z.ZodType)
  return shape instanceof z.ZodArray
}

/** Parses the body with its shape, as `parseBody` does for the Org API. */
export async function parseV1Body(
  request: Request,
  body: Body | undefined,
  operation: V1Operation,
  share: string,
): Promise<unknown> {
  if (operation.rawBody && !body) throw new DomainError('invalid_request', operation.invalid['body'] ?? 'invalid request body')
  if (operation.rawBody) return body?.load()
  if (!operation.body) return undefined
  if (!body) return v1Body(operation, undefined)
  const format = formatOf(request, false)
  const small = await smallBytes(body, format)
  return small ? v1Body(operation, small) : parseLarge(body, { operation: `v1 ${keyOf(operation)}`, format }, share)
}
