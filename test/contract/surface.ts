type Schema = Record<string, unknown>
type Document = { paths: Record<string, Record<string, unknown>>; components?: { schemas?: Record<string, Schema> } }

type Operation = {
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[]
  requestBody?: { required?: boolean; content: Record<string, { schema?: Schema }> }
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>
}

/** Schemas of schemas end here. */
const DEEPEST = 6

/**
 * What clients can rely on, a line for each thing: `takes` an operation, a parameter, a field or a type of it; `needs` what must be
 * sent; `answers` a status, or a field with all its types. The order of the lines means nothing.
 */
export function surfaceOf(document: Document): Set<string> {
  const lines = new Set<string>()
  const named = document.components?.schemas ?? {}

  /** The alternatives of a schema, with references resolved. */
  function* alternatives(schema: Schema): Generator<Schema> {
    const { $ref, anyOf, oneOf, allOf, ...own } = schema
    if (typeof $ref === 'string') yield* alternatives(named[$ref.slice($ref.lastIndexOf('/') + 1)] ?? {})
    for (const several of [anyOf, oneOf, allOf])
      for (const one of (several as Schema[] | undefined) ?? []) yield* alternatives(one)
    if ('type' in own || 'properties' in own || 'enum' in own || 'const' in own) yield own
  }

  const typesOf = (all: Schema[]) =>
    [...new Set(all.flatMap(({ type, enum: values, const: value }) => type ?? values ?? (value === undefined ? [] : [value])))]
      .map(String)
      .toSorted()

  /** Each field with its place, its types, and whether every alternative requires it. */
  function* fields(schema: Schema, at: string, depth = 0): Generator<{ at: string; types: string[]; isRequired: boolean }> {
    if (depth > DEEPEST) return
    const all = [...alternatives(schema)]
    const items = all.flatMap((one) => (one['items'] === undefined ? [] : [one['items'] as Schema]))
    if (items.length > 0) yield* fields({ anyOf: items }, `${at}[]`, depth + 1)
    const objects = all.filter((one) => one['properties'] !== undefined)
    for (const name of new Set(objects.flatMap(({ properties }) => Object.keys(properties as Schema)))) {
      const having = objects.filter(({ properties }) => name in (properties as Schema))
      const inner = { anyOf: having.map(({ properties }) => (properties as Record<string, Schema>)[name]!) }
      const isRequired = objects.every(({ required }) => ((required as string[] | undefined) ?? []).includes(name))
      yield { at: `${at}.${name}`, types: typesOf([...alternatives(inner)]), isRequired }
      yield* fields(inner, `${at}.${name}`, depth + 1)
    }
  }

  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, declared] of Object.entries(methods)) {
      const { parameters = [], requestBody, responses } = declared as Operation
      const operation = `${method.toUpperCase()} ${path}`
      lines.add(`takes ${operation}`)
      for (const parameter of parameters) {
        const place = `${operation} ${parameter.in} ${parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name}`
        lines.add(`takes ${place}`)
        if (parameter.required) lines.add(`needs ${place}`)
      }
      for (const [type, { schema = {} }] of Object.entries(requestBody?.content ?? {})) {
        lines.add(`takes ${operation} ${type}`)
        if (type !== 'application/json') continue
        if (requestBody?.required) lines.add(`needs ${operation} body`)
        for (const { at, types, isRequired } of fields(schema, 'body')) {
          for (const one of types) lines.add(`takes ${operation} ${at} ${one}`)
          if (isRequired) lines.add(`needs ${operation} ${at}`)
        }
      }
      for (const [status, { content = {} }] of Object.entries(responses)) {
        if (!/^[23]/.test(status)) continue
        lines.add(`answers ${operation} ${status}`)
        for (const [type, { schema = {} }] of Object.entries(content)) {
          lines.add(`answers ${operation} ${status} ${type}`)
          for (const { at, types } of fields(schema, '')) lines.add(`answers ${operation} ${status} ${at} ${types.join('|')}`)
        }
      }
    }
  return lines
}

/** What clients of the released document would stumble over in the present one. */
export function breaks(released: ReadonlySet<string>, now: ReadonlySet<string>): string[] {
  const gone = [...released].filter((line) => !line.startsWith('needs ') && !now.has(line))
  // What nobody could call before may need what it likes.
  const existed = (line: string) => released.has(`takes ${line.split(' ').slice(1, 3).join(' ')}`)
  const needed = [...now].filter((line) => line.startsWith('needs ') && existed(line) && !released.has(line))
  return [...gone, ...needed].toSorted()
}
