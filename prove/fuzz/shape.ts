import fc from 'fast-check'
import { hostileText, hostileValue } from './hostile.ts'

export type Schema = {
  type?: string | string[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  pattern?: string
  format?: string
}

const formats: Record<string, fc.Arbitrary<string>> = {
  uuid: fc.uuid(),
  email: fc.emailAddress(),
  'date-time': fc
    .date({ min: new Date('2020-01-01'), max: new Date('2120-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  uri: fc.webUrl(),
}

function text({ pattern, format, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<unknown> {
  const known = format === undefined ? undefined : formats[format]
  if (known) return known
  return (
    (pattern === undefined ? undefined : matchingText(pattern)) ??
    fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) })
  )
}

const matching = new Map<string, fc.Arbitrary<string> | undefined>()

/** Undefined for a pattern with lookaround, which the generator does not support. A class of letters takes a second to expand. */
function matchingText(pattern: string): fc.Arbitrary<string> | undefined {
  if (!matching.has(pattern)) matching.set(pattern, unfolded(pattern))
  return matching.get(pattern)
}

function unfolded(pattern: string): fc.Arbitrary<string> | undefined {
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'), { size: 'small' })
  } catch {
    return undefined
  }
}

function number({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema, isWhole: boolean): fc.Arbitrary<unknown> {
  const min = minimum ?? (exclusiveMinimum === undefined ? -1e6 : exclusiveMinimum + 1)
  const max = maximum ?? (exclusiveMaximum === undefined ? 1e6 : exclusiveMaximum - 1)
  const [low, high] = [Math.ceil(Math.min(min, max)), Math.floor(Math.max(min, max))]
  return isWhole
    ? fc.integer({ min: Math.max(low, -(2 ** 31)), max: Math.min(high, 2 ** 31) })
    : fc.double({ min: low, max: high, noNaN: true })
}

function object({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<unknown> {
  const named = fc.record(Object.fromEntries(Object.entries(properties).map(([name, shape]) => [name, valuesOf(shape)])), {
    requiredKeys: required.filter((name) => Object.hasOwn(properties, name)),
    noNullPrototype: true,
  })
  if (typeof additionalProperties !== 'object') return named
  const rest = fc.dictionary(fc.string({ minLength: 1, maxLength: 12 }), valuesOf(additionalProperties), {
    maxKeys: 3,
    noNullPrototype: true,
  })
  return fc.tuple(rest, named).map(([extra, own]) => ({ ...extra, ...own }))
}

/** Values of this schema. A refinement that JSON Schema cannot express may still refuse some. */
export function valuesOf(shape: Schema): fc.Arbitrary<unknown> {
  const either = shape.anyOf ?? shape.oneOf
  if (either) return fc.oneof(...either.map(valuesOf))
  if (shape.allOf) return fc.tuple(...shape.allOf.map(valuesOf)).map((parts) => Object.assign({}, ...parts) as unknown)
  if (shape.enum) return fc.constantFrom(...shape.enum)
  if ('const' in shape) return fc.constant(shape.const)
  const [type = 'any'] = [shape.type ?? (shape.properties ? 'object' : 'any')].flat()
  if (type === 'string') return text(shape)
  if (type === 'integer' || type === 'number') return number(shape, type === 'integer')
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  if (type === 'array')
    return fc.array(valuesOf(shape.items ?? {}), { minLength: shape.minItems ?? 0, maxLength: Math.max(shape.minItems ?? 0, 3) })
  if (type === 'object') return object(shape)
  return fc.jsonValue({ maxDepth: 2 })
}

type Entries = Record<string, unknown>

const isRecord = (value: unknown): value is Entries => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A value with one mistake, or with one extra field. */
export const nearly = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(values, fc.nat(), fc.constantFrom('replace', 'drop', 'add', 'prototype'), hostileValue, hostileText)
    .map(([value, at, how, other, key]) => {
      if (!isRecord(value)) return how === 'replace' ? other : Array.isArray(value) ? [...value, other] : value
      const names = Object.keys(value)
      const name = names[at % Math.max(1, names.length)]
      if (how === 'add') return { ...value, [key]: other }
      if (how === 'prototype')
        return JSON.parse(
          `{"__proto__":${JSON.stringify(other) ?? 'null'},${JSON.stringify(value).slice(1)}`.replace(',}', '}'),
        ) as unknown
      if (name === undefined) return other
      if (how === 'drop') return Object.fromEntries(Object.entries(value).filter(([one]) => one !== name))
      return { ...value, [name]: other }
    })
