import type { z } from 'zod'
import { type Schema, jsonSchema, operationIdOf, parameters, rateLimitHeaders } from '../openapi.ts'
import { V1ErrorBody } from './common.ts'
import type { V1Operation } from './operation.ts'
import { v1Operations } from './operations.ts'

const json = (schema: Schema) => ({ 'application/json': { schema } })
const failure = (description: string) => ({ description, content: json({ $ref: '#/components/schemas/Error' }) })

const schemes = {
  user: [{ user: [] }],
  project: [{ project: [] }],
  either: [{ user: [] }, { project: [] }],
  agent: [{ user: [] }, { project: [] }, { agent: [] }],
} as const

const inWords = {
  user: 'Credentials: a person’s.',
  project: 'Credentials: a project token.',
  either: 'Credentials: a person’s, or a project token.',
  agent: 'Credentials: a person’s, a project token, or the agent’s or core instance’s own token.',
} as const

function responses({ status, summary, returns, errors, permission, body, query, path }: V1Operation) {
  const success =
    status === 501
      ? failure('Not implemented')
      : status === 204
        ? { description: 'No content' }
        : { description: summary, content: json(jsonSchema(returns, 'output')) }
  const common: Record<number, string> = { 401: 'invalid token', 403: 'permission denied' }
  if (permission !== 'authenticated' && path.includes('{'))
    common[404] = 'There is no such resource, or the caller has no access to it'
  if (body || Object.keys((query as z.ZodObject).shape).length > 0 || path.includes('{')) common[422] = 'Invalid argument'
  const failures = Object.entries({ ...common, ...errors }).map(([code, description]) => [code, failure(description ?? '')])
  const limited = { ...failure('Too many requests'), headers: rateLimitHeaders }
  return { [status]: success, ...Object.fromEntries(failures), 429: limited }
}

function describe(operation: V1Operation) {
  const { tag, summary, description, credential, permission, body, rawBody } = operation
  const may = permission === 'authenticated' ? inWords[credential] : `${inWords[credential]} Permission: \`${permission}\`.`
  return {
    tags: [tag],
    summary,
    description: [description, may].filter(Boolean).join('\n\n'),
    operationId: operationIdOf(operation),
    security: schemes[credential],
    parameters: parameters(operation).map((one) =>
      one.in === 'path' ? { ...one, schema: { type: 'string', format: 'uuid' } } : one,
    ),
    ...(body && { requestBody: { required: true, content: json(jsonSchema(body, 'input')) } }),
    ...(rawBody && { requestBody: { required: true, content: { [rawBody]: {} } } }),
    responses: responses(operation),
  }
}

function paths() {
  const all: Record<string, Record<string, unknown>> = {}
  for (const operation of v1Operations) (all[operation.path] ??= {})[operation.method.toLowerCase()] = describe(operation)
  return all
}

/** The v1 API as OpenAPI 3.1, made from the shapes that parse its requests and build its answers. */
export const v1OpenApiDocument = Object.freeze({
  openapi: '3.1.0',
  info: {
    title: 'Bulkhead v1 API',
    version: '1.0.0',
    description:
      'The same projects, members, tokens and environments as in the Org API, for clients of the v1 Projects API. Lists are newest first: `last` limits their length, and `before` takes the cursor from the Link header to get the next page.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  paths: paths(),
  components: {
    schemas: { Error: jsonSchema(V1ErrorBody, 'output') },
    securitySchemes: {
      user: { type: 'http', scheme: 'bearer', description: 'A personal token (bhu_…), or a JWT of the configured issuer.' },
      project: { type: 'apiKey', in: 'header', name: 'X-Project-Token' },
      agent: { type: 'apiKey', in: 'header', name: 'X-Agent-Token', description: 'Core instances send X-Aggregator-Token.' },
    },
  },
})
