import { z } from 'zod'
import { ErrorBody } from './errors.ts'
import { memberOperations } from './members/members.ts'
import { ProjectNukeResult } from './nuke/nuke.ts'
import type { Operation } from './operation.ts'
import { operations } from './operations.ts'
import { Project, projectOperations } from './projects/projects.ts'

export type Schema = Record<string, unknown>

/**
 * The shape of any JSON value refers to itself, by a reference that would not resolve in the document; an empty schema means the
 * same.
 */
const anyJson = /\{"\$ref":"#\/\$defs\/__schema\d+"\}/g

/** A shape as JSON Schema 2020-12: `input` for requests, `output` for answers. */
export function jsonSchema(shape: z.ZodType, io: 'input' | 'output'): Schema {
  const {
    $schema: _,
    $defs: __,
    ...schema
  } = z.toJSONSchema(shape, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
    reused: 'inline',
  }) as Schema
  return JSON.parse(JSON.stringify(schema).replaceAll(anyJson, '{}')) as Schema
}

/** The shapes with a name of their own, which answers refer to. */
const named = new Map<z.ZodType, string>([
  [ErrorBody, 'Error'],
  [Project, 'Project'],
  [projectOperations.list.returns, 'ProjectList'],
  [memberOperations.list.returns, 'ProjectMemberList'],
  [ProjectNukeResult, 'ProjectNukeResult'],
])

const answered = (shape: z.ZodType): Schema => {
  const name = named.get(shape)
  return name === undefined ? jsonSchema(shape, 'output') : { $ref: `#/components/schemas/${name}` }
}

const parameter = (where: 'path' | 'query', name: string, schema: Schema, required: boolean) => {
  const { description, ...rest } = schema
  return { name, in: where, required, ...(description ? { description } : {}), schema: rest }
}

/** The parameters of a path and a query. */
export function parameters({ path, query }: Pick<Operation, 'path' | 'query'>) {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => parameter('path', name!, { type: 'string' }, true))
  const shape = jsonSchema(query, 'input') as { properties?: Record<string, Schema>; required?: string[] }
  const inQuery = Object.entries(shape.properties ?? {}).map(([name, schema]) =>
    parameter('query', name, schema, shape.required?.includes(name) ?? false),
  )
  return [...inPath, ...inQuery]
}

const failure = (description: string) => ({
  description,
  content: { 'application/json': { schema: answered(ErrorBody) } },
})

const textHeader = (description: string) => ({ description, schema: { type: 'string' } })

/** The headers of a rate-limited answer, in both APIs. */
export const rateLimitHeaders = {
  'Retry-After': { description: 'How many seconds to wait before the next request', schema: { type: 'integer' } },
  RateLimit: textHeader(
    'What is left of the rate limit, on every response to a counted request: `"credential";r=0;t=1` means 0 requests now, and more in 1 second.',
  ),
  'RateLimit-Policy': textHeader('The rate limit: `"credential";q=6000;w=60` means 6,000 requests in 60 seconds.'),
}

/** Both causes of a 429, where an operation has one of its own. */
const tooMany = (own: string | undefined) => [own, '`rate_limited`'].filter(Boolean).join('; ')

/** A stream that its query can request as CSV. */
const hasCsv = ({ stream, query }: Operation) => stream && query instanceof z.ZodObject && 'format' in query.shape

/** An operation that destroys or grants mentions that a browser may have to authenticate again. */
const withFresh = ({ freshSignIn }: Operation, failures: Operation['errors']): Operation['errors'] => {
  if (freshSignIn === undefined) return failures
  const when = freshSignIn === 'always' ? '' : `, ${freshSignIn}`
  return {
    ...failures,
    403: `${failures[403]}; \`reauthentication_required\` for a browser session that last signed in more than ten minutes ago${when}`,
  }
}

function responses(operation: Operation) {
  const { permission, path, status, returns, lines, errors, statusOf } = operation
  const common: Record<number, string> = { 400: 'The request is not valid' }
  if (permission !== 'public')
    Object.assign(common, { 401: 'The credentials are missing or not valid', 403: 'The caller may not do this' })
  if (path.includes('{') && !operation.hideUnknown) common[404] = 'There is no such resource, or the caller has no access to it'
  const limited = operation.isCounted && { 429: tooMany(errors[429]) }
  const failures = Object.entries(withFresh(operation, { ...common, ...errors, ...limited })).map(([code, description]) => [
    code,
    { ...failure(description ?? ''), ...(code === '429' && { headers: rateLimitHeaders }) },
  ])
  const type = operation.stream && operation.method === 'GET' ? 'application/x-ndjson' : 'application/json'
  if (status === 303) {
    const location = { description: 'The URL to go to', schema: { type: 'string' } }
    return { 303: { description: 'Redirects the browser, also after a failure', headers: { location } } }
  }
  const success = { description: operation.summary, content: { [type]: { schema: answered(returns) } } }
  const partly = statusOf && { 207: { ...success, description: 'Some items failed; the response says which, and why' } }
  const asCsv = hasCsv(operation) && { 'text/csv': { schema: { type: 'string' } } }
  const asLines = lines && { 'application/x-ndjson': { schema: jsonSchema(lines, 'output') } }
  return {
    [status]: { ...success, content: { ...success.content, ...asLines, ...asCsv } },
    ...partly,
    ...Object.fromEntries(failures),
  }
}

function requestBody({ method, body, bodyOptional, takesYaml, stream }: Operation) {
  if (stream && method === 'POST') {
    return { requestBody: { required: true, content: { 'application/x-ndjson': { schema: { type: 'string' } } } } }
  }
  if (!body) return {}
  const media = { schema: jsonSchema(body, 'input') }
  return {
    requestBody: {
      required: !bodyOptional,
      content: { 'application/json': media, ...(takesYaml && { 'application/yaml': media }) },
    },
  }
}

/** `GET /orgs/{orgId}` → `getOrgsOrgId`. */
export const operationIdOf = ({ method, path }: Pick<Operation, 'method' | 'path'>) =>
  method.toLowerCase() +
  path.replaceAll(/[{}]/g, '').replaceAll(/[^a-zA-Z0-9]+(.)?/g, (_, next: string = '') => next.toUpperCase())

function describe(operation: Operation) {
  const { tag, summary, description, permission } = operation
  const requirement =
    permission === 'public'
      ? 'No authentication.'
      : permission === 'anybody'
        ? 'Authentication is optional.'
        : `Permission: \`${permission}\`.`
  return {
    tags: [tag],
    summary,
    description: [description, requirement].filter(Boolean).join('\n\n'),
    operationId: operationIdOf(operation),
    security:
      permission === 'public'
        ? []
        : permission === 'session'
          ? [{ session: [] }]
          : permission === 'anybody'
            ? [{}, { bearer: [] }, { session: [] }]
            : [{ bearer: [] }, { projectToken: [] }, { session: [] }],
    parameters: parameters(operation),
    ...requestBody(operation),
    responses: responses(operation),
  }
}

function paths() {
  const all: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) (all[operation.path] ??= {})[operation.method.toLowerCase()] = describe(operation)
  return all
}

/** The Org API as OpenAPI 3.1, made from the shapes that parse its requests and build its answers. */
export const openApiDocument = Object.freeze({
  openapi: '3.1.0',
  info: {
    title: 'Bulkhead Org API',
    version: '1.0.0',
    description:
      'Organizations, their projects, who has access to what, and the nuke. Every list is a bare array; the Link header has the URL of the next page.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  paths: paths(),
  components: {
    schemas: Object.fromEntries([...named].map(([shape, name]) => [name, jsonSchema(shape, 'output')])),
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer', description: 'A personal (bhu_…) or project (bhp_…) token.' },
      projectToken: { type: 'apiKey', in: 'header', name: 'X-Project-Token' },
      session: { type: 'apiKey', in: 'cookie', name: 'next-auth.session-token' },
    },
  },
})
