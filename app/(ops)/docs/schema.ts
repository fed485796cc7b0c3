/** The part of JSON Schema that the contract's shapes use. */
export interface Schema {
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  additionalProperties?: boolean | Schema
  anyOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  default?: unknown
  examples?: unknown[]
  format?: string
  description?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  pattern?: string
  $ref?: string
}

export interface Field {
  /** `constraints[].metric`: one flat table shows nested fields by path. */
  name: string
  type: string
  required: boolean
  /** Limits, default, and the contract's description. */
  notes: string[]
}

const isNull = ({ type }: Schema) => type === 'null'

/** The shape without its null alternative. */
function withoutNull(schema: Schema): Schema {
  const others = schema.anyOf?.filter((one) => !isNull(one)) ?? []
  return others.length === 1 ? { ...others[0], description: schema.description ?? others[0]?.description } : schema
}

const mayBeNull = ({ type, anyOf = [] }: Schema) => anyOf.some(isNull) || (Array.isArray(type) && type.includes('null'))

function plainType(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.items) return `${typeInWords(schema.items)}[]`
  if (schema.anyOf)
    return schema.anyOf
      .filter((one) => !isNull(one))
      .map(typeInWords)
      .join(' | ')
  if (typeof schema.additionalProperties === 'object') return `map of ${typeInWords(schema.additionalProperties)}`
  if (schema.format) return schema.format
  const [type = 'any JSON'] = [schema.type ?? []].flat().filter((one) => one !== 'null')
  return type
}

export const typeInWords = (schema: Schema): string => plainType(withoutNull(schema)) + (mayBeNull(schema) ? ' | null' : '')

const between = (what: string, least: number | undefined, most: number | undefined) => {
  // Zod limits every integer to JavaScript's safe range.
  const from = least === undefined || least <= -Number.MAX_SAFE_INTEGER ? undefined : least.toLocaleString('en')
  const to = most === undefined || most >= Number.MAX_SAFE_INTEGER ? undefined : most.toLocaleString('en')
  if (from !== undefined && to !== undefined) return [`${from}–${to}${what}`]
  if (from !== undefined) return [`at least ${from}${what}`]
  return to === undefined ? [] : [`at most ${to}${what}`]
}

function limits(schema: Schema): string[] {
  const inner = withoutNull(schema)
  return [
    ...between(' characters', inner.minLength, inner.maxLength),
    ...between(' items', inner.minItems, inner.maxItems),
    ...between('', inner.minimum, inner.maximum),
    // A format's own pattern adds nothing to its name.
    ...(inner.pattern && !inner.format ? [`matches \`${inner.pattern}\``] : []),
    ...(schema.default === undefined ? [] : [`default \`${JSON.stringify(schema.default)}\``]),
  ]
}

export const notesOf = (schema: Schema): string[] => [...(schema.description ? [schema.description] : []), ...limits(schema)]

/** Fields that the API accepts and ignores, so that clients can send back what they read. */
export const isIgnored = (schema: Schema) => Object.keys(schema).length === 0

/** Every field of an object, or of the objects in a list, including nested ones. */
export function fieldsOf(schema: Schema, prefix = ''): Field[] {
  const inner = withoutNull(schema)
  if (inner.items) return fieldsOf(inner.items, prefix && `${prefix}[]`)
  const { properties = {}, required = [] } = inner
  return Object.entries(properties).flatMap(([name, property]) => {
    if (isIgnored(property)) return []
    const path = prefix ? `${prefix}.${name}` : name
    const field = { name: path, type: typeInWords(property), required: required.includes(name), notes: notesOf(property) }
    return [field, ...fieldsOf(property, path)]
  })
}

/** The names of the ignored fields. */
export const ignoredOf = ({ properties = {} }: Schema): string[] =>
  Object.entries(properties).flatMap(([name, property]) => (isIgnored(property) ? [name] : []))
