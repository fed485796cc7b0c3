import type { Operation } from '#contract/operation'
import { DomainError } from '#domain/errors'
import type { Body } from './body-store.ts'
import { keyOf, orgBody } from './parsing/org-body.ts'
import { parseLarge } from './parsing/parse-large.ts'
import { invalid, refuse } from './parsing/refusal.ts'
import type { Format } from './parsing/value.ts'

export { assertPlain } from './parsing/plain.ts'

const KIB = 1024
/** Larger bodies are parsed in another thread. YAML parses slower, and anchors can make it larger than its text. */
const SMALL = { json: 16 * KIB, yaml: 8 * KIB }
const AMPERSAND = 0x26

const isYaml = /^(application|text)\/(x-)?yaml\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i
const isJson = /^application\/([\w.+-]+\+)?json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i

/** Parses the query string with its shape. Refuses a parameter given twice, which is ambiguous. */
export function parseQuery(request: Request, { query }: Operation): unknown {
  const start = request.url.indexOf('?')
  const given = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(start < 0 ? '' : request.url.slice(start + 1))) {
    if (given.has(name))
      throw invalid(`The query parameter ${name} is given twice. Send it once`, [
        { path: name, message: 'must be given only once' },
      ])
    if (value.includes('\0'))
      throw invalid(`The query parameter ${name} must not contain NUL characters`, [
        { path: name, message: 'must not contain NUL characters' },
      ])
    given.set(name, value)
  }
  const parsed = query.safeParse(Object.fromEntries(given))
  return parsed.success ? parsed.data : refuse(parsed.error, 'query')
}

/**
 * Parses the body with its shape, here or in another thread. A share (an organization, or a caller without one) uses one thread
 * at a time.
 */
export async function parseBody(request: Request, body: Body | undefined, operation: Operation, share: string): Promise<unknown> {
  if (!operation.body) return undefined
  if (!body) {
    if (!operation.bodyOptional) throw invalid('This request needs a JSON body')
    return orgBody(operation, undefined, 'json')
  }
  const format = formatOf(request, operation.takesYaml)
  const small = await smallBytes(body, format)
  if (small) return orgBody(operation, small, format)
  return parseLarge(body, { operation: `org ${keyOf(operation)}`, format }, share)
}

/** The bytes of a body small enough to parse here; undefined otherwise. */
export async function smallBytes(body: Body, format: Format): Promise<Uint8Array | undefined> {
  if (body.size > SMALL[format]) return undefined
  const bytes = await body.load()
  return format === 'yaml' && bytes.includes(AMPERSAND) ? undefined : bytes
}

/** The format that the content type declares. */
export function formatOf(request: Request, takesYaml: boolean): Format {
  const contentType = request.headers.get('content-type') ?? ''
  if (isJson.test(contentType)) return 'json'
  if (takesYaml && isYaml.test(contentType)) return 'yaml'
  const also = takesYaml ? ' or application/yaml' : ''
  throw new DomainError('unsupported_media_type', `Send the body as Content-Type: application/json${also}`)
}
