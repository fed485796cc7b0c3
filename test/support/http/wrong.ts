import { z } from 'zod'
import type { Operation } from '#contract/operation'
import type { Example } from './examples.ts'

type Schema = {
  type?: string | string[]
  anyOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, Schema>
  required?: string[]
}

/** An invalid body or query, and the field that the answer must name. */
export type Wrong = { why: string; text: string; path?: string }

const wrongValue: Record<string, unknown> = { string: 5, integer: '1', number: '1', boolean: 'yes', array: 'x', object: 'x' }
const typesOf = ({ type, anyOf, enum: options }: Schema): string[] =>
  anyOf ? anyOf.flatMap(typesOf) : type ? [type].flat() : options ? options.map((option) => typeof option) : []

/** Every way to get one field of a body wrong, derived from the contract's schema. */
export function wrongBodies({ body: shape, maxBody }: Operation, { body = {} }: Example): Wrong[] {
  const { properties = {}, required = [] } = z.toJSONSchema(shape!, { io: 'input', unrepresentable: 'any' }) as Schema
  const withValue = (key: string, value: unknown) => JSON.stringify({ ...body, [key]: value })
  const fields = Object.entries(properties).flatMap(([path, schema]): Wrong[] => {
    const [type] = typesOf(schema)
    // A read-only field of the resource itself: any value is accepted.
    if (type === undefined) return []
    const { [path]: _, ...without } = body
    const missing = required.includes(path) ? [{ why: `${path} missing`, text: JSON.stringify(without), path }] : []
    const mistyped = { why: `${path} of the wrong type`, text: withValue(path, wrongValue[type]), path }
    if (type !== 'string') return [...missing, mistyped]
    const long = { why: `${path} too long`, text: withValue(path, 'x'.repeat(Math.min(70_000, maxBody - 2000))), path }
    const nul = { why: `${path} with NUL`, text: withValue(path, 'a\0b'), path }
    const surrogate = { why: `${path} with half a character`, text: withValue(path, 'a\ud800b'), path }
    return [...missing, mistyped, long, nul, surrogate]
  })
  return [
    ...fields,
    { why: 'an unknown field', text: withValue('surprise', 1), path: 'surprise' },
    {
      why: 'a key __proto__',
      text: `{"__proto__":{"admin":true},${JSON.stringify(body).slice(1)}`.replace(',}', '}'),
      path: '__proto__',
    },
    { why: 'a key with NUL', text: withValue('a\0b', 1) },
    { why: 'an array', text: '[]' },
    { why: 'a string', text: '"x"' },
    { why: 'null', text: 'null' },
    { why: 'half a document', text: '{"name":' },
    { why: 'two documents', text: '{}{}' },
    { why: 'infinitely deep', text: '['.repeat(Math.min(500_000, maxBody)) },
    // A short body has no room for them.
    ...(maxBody < 200_000
      ? []
      : [{ why: 'too many keys', text: `{"surprise":{${Array.from({ length: 10_001 }, (_, i) => `"${i}":0`).join()}}}` }]),
    { why: 'too deep', text: `{"surprise":${'['.repeat(70)}${']'.repeat(70)}}` },
  ]
}

const cursor = (...key: unknown[]) => Buffer.from(JSON.stringify(key)).toString('base64url')

/** Query strings that no operation accepts, and those that this one does not. */
export function wrongQueries({ query: shape }: Operation): Wrong[] {
  const { properties = {} } = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }) as Schema
  const named = Object.entries(properties).flatMap(([path, schema]): Wrong[] => [
    { why: `${path} twice`, text: `?${path}=a&${path}=a`, path },
    { why: `${path} with NUL`, text: `?${path}=a%00b`, path },
    { why: `${path} too long`, text: `?${path}=${'x'.repeat(schema.properties ? 0 : 2000)}`, path },
  ])
  const paged = [
    ...['0', '201', '-1', '1.5', 'ten', '', '1e999'].map((limit) => ({
      why: `limit=${limit}`,
      text: `?limit=${limit}`,
      path: 'limit',
    })),
    ...['', 'x', 'bm9wZQ', cursor(), cursor(1), cursor('x'), cursor('a\0'), cursor('1', '2', '3')].map((text) => ({
      why: `cursor=${text}`,
      text: `?cursor=${text}`,
      path: 'cursor',
    })),
  ]
  return [
    { why: 'an unknown parameter', text: '?surprise=1', path: 'surprise' },
    { why: 'a parameter __proto__', text: '?__proto__=1', path: '__proto__' },
    ...named,
    ...('cursor' in properties ? paged : []),
  ]
}

/** Well-formed cursors that no list has issued. Some name a time that does not exist. */
export const forgedCursors = [
  cursor('2026-02-31T00:00:00.000000Z', 'x'),
  cursor('0000-01-01T00:00:00.000000Z', '019aa000-0000-7000-8000-000000000000'),
  cursor('2026-01-01T00:00:00.000000Z', 'x'),
  cursor('2026-01-01T24:00:00.000000Z', '019aa000-0000-7000-8000-000000000000'),
  cursor('x', '019aa000-0000-7000-8000-000000000000'),
  cursor('\ud800', '019aa000-0000-7000-8000-000000000000'),
  cursor('019aa000-0000-7000-8000-000000000000'),
]
