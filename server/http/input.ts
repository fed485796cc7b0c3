import type { z } from 'zod'
import type { Operation } from '#contract/operation'
import { DomainError, type ErrorDetail } from '#domain/errors'
import { HttpError } from './errors.ts'
import { documentsFromYaml } from './yaml.ts'

const MAX_DEPTH = 64
/** Of one object. */
const MAX_KEYS = 10_000
const isYaml = /^(application|text)\/(x-)?yaml\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i
const isJson = /^application\/([\w.+-]+\+)?json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i

const invalid = (sentence: string, details?: ErrorDetail[]) => new DomainError('invalid_request', sentence, details)

/** What a shape says is wrong, field by field, as one sentence and a list. */
function refuse(error: z.ZodError, where: 'body' | 'query'): never {
  const details = error.issues.flatMap((issue): ErrorDetail[] => {
    const path = issue.path.map(String)
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'is not a known field' }))
    return [{ path: path.join('.'), message: issue.message }]
  })
  const [first] = details
  const what = first ? `${first.path || `the ${where}`}: ${first.message}` : `the ${where} is not valid`
  throw invalid(`The request is not valid. ${what}`, details)
}

/** The query string against its shape. A parameter given twice is refused: which one was meant? */
export function parseQuery<Shape extends z.ZodType>(request: Request, shape: Shape): z.output<Shape> {
  const start = request.url.indexOf('?')
  const given = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(start < 0 ? '' : request.url.slice(start + 1))) {
    if (given.has(name)) throw invalid(`The query parameter ${name} is given twice`, [{ path: name, message: 'is given twice' }])
    if (value.includes('\0'))
      throw invalid(`The query parameter ${name} has a NUL character`, [{ path: name, message: 'must not contain NUL' }])
    given.set(name, value)
  }
  const parsed = shape.safeParse(Object.fromEntries(given))
  return parsed.success ? parsed.data : refuse(parsed.error, 'query')
}

/** The body against its shape. */
export function parseBody(request: Request, bytes: Uint8Array | undefined, operation: Operation): unknown {
  if (!operation.body) return undefined
  if (!bytes && !operation.bodyOptional) throw invalid('A JSON body is needed')
  const parsed = operation.body.safeParse(bytes ? toValue(request, bytes, operation.takesYaml) : {})
  return parsed.success ? parsed.data : refuse(parsed.error, 'body')
}

/** The bytes as their content type says; plain data only. */
export function toValue(request: Request, bytes: Uint8Array, takesYaml: boolean): unknown {
  const contentType = request.headers.get('content-type') ?? ''
  const parse = isJson.test(contentType) ? fromJson : takesYaml && isYaml.test(contentType) ? documentsFromYaml : undefined
  if (!parse) {
    const also = takesYaml ? ' or application/yaml' : ''
    throw new HttpError(415, 'unsupported_media_type', `Send the body as Content-Type: application/json${also}`)
  }
  const value = parse(toText(bytes))
  assertPlain(value)
  return value
}

function toText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    throw invalid('The body is not valid UTF-8')
  }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('The body is not valid JSON in UTF-8')
  }
}

/** No text that Postgres cannot hold, no nesting that only an attacker needs, no key that JavaScript would take for its own. */
export function assertPlain(root: unknown): void {
  const pending: { value: unknown; path: string; depth: number }[] = [{ value: root, path: '', depth: 0 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, path, depth } = next
    if (depth > MAX_DEPTH) throw invalid(`The body nests deeper than ${MAX_DEPTH} levels`)
    if (typeof value === 'string') assertText(value, path)
    if (typeof value !== 'object' || value === null) continue
    const entries = Object.entries(value)
    if (entries.length > MAX_KEYS && !Array.isArray(value)) {
      const message = `must have at most ${MAX_KEYS.toLocaleString('en-US')} keys`
      throw invalid(`${path || 'The body'} ${message}`, [{ path, message }])
    }
    for (const [key, inner] of entries) {
      const at = path ? `${path}.${key}` : key
      if (key === '__proto__') throw invalid('__proto__ is not a valid key', [{ path: at, message: 'is not a valid key' }])
      assertText(key, at)
      pending.push({ value: inner, path: at, depth: depth + 1 })
    }
  }
}

function assertText(text: string, path: string): void {
  if (text.includes('\0'))
    throw invalid('Text must not contain NUL characters', [{ path, message: 'must not contain NUL characters' }])
  if (!text.isWellFormed()) throw invalid('Text must be valid Unicode', [{ path, message: 'must not contain lone surrogates' }])
}
