import type { z } from 'zod'
import { takesBody } from '../operation.ts'
import { answerHeaders, headers, requestIdHeader } from '../openapi-headers.ts'
import { parameters } from '../openapi-parameters.ts'
import { type Schema, createSchemas } from '../openapi-schemas.ts'
import { v1Tags } from '../openapi-tags.ts'
import * as agents from './agents.ts'
import * as auditLogs from './audit-logs.ts'
import * as shared from './common.ts'
import * as coreInstances from './core-instances.ts'
import * as environments from './environments.ts'
import * as invitations from './invitations.ts'
import * as members from './members.ts'
import type { V1Operation } from './operation.ts'
import { v1OperationIds, v1Operations } from './operations.ts'
import * as projects from './projects.ts'
import * as registered from './registered.ts'
import * as samlMappings from './saml-mappings.ts'
import * as search from './search.ts'
import * as tokens from './tokens.ts'

const modules = [
  agents,
  auditLogs,
  shared,
  coreInstances,
  environments,
  invitations,
  members,
  projects,
  registered,
  samlMappings,
  search,
  tokens,
]
const schemas = createSchemas(new Map([[shared.V1ErrorBody, 'Error']]), modules)

const json = (schema: Schema) => ({ 'application/json': { schema } })
const failure = (description: string) => ({ description, content: json(schemas.schemaOf(shared.V1ErrorBody, 'output')) })

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

function responses(operation: V1Operation) {
  const { status, summary, returns, errors, permission, query, path } = operation
  const headersOf = (code: number) => ({ headers: answerHeaders(operation, code, { hasVersions: false }) })
  const success =
    status === 501
      ? failure('Not implemented')
      : status === 204
        ? { description: 'No content' }
        : { description: summary, content: json(schemas.schemaOf(returns, 'output')) }
  const always = {
    ...(takesBody(operation) && { 413: 'The body is too large', 415: 'The body is not of a type that the operation takes' }),
    503: 'The database is unavailable, or the server has too much to do',
  }
  const common: Partial<Record<number, string>> = { ...always, 401: 'invalid token', 403: 'permission denied' }
  if (permission !== 'authenticated' && path.includes('{'))
    common[404] = 'There is no such resource, or the caller has no access to it'
  if (takesBody(operation) || Object.keys((query as z.ZodObject).shape).length > 0 || path.includes('{'))
    common[422] = 'Invalid argument'
  const failures = Object.entries({ ...common, ...errors }).map(([code, description]) => [
    code,
    { ...failure(description ?? ''), ...headersOf(Number(code)) },
  ])
  const limited = { ...failure('Too many requests'), ...headersOf(429) }
  return { [status]: { ...success, ...headersOf(status) }, ...Object.fromEntries(failures), 429: limited }
}

function describe(operation: V1Operation) {
  const { tag, summary, description, credential, permission, body, rawBody } = operation
  const may = permission === 'authenticated' ? inWords[credential] : `${inWords[credential]} Permission: \`${permission}\`.`
  return {
    tags: [tag],
    summary,
    description: [description, may].filter(Boolean).join('\n\n'),
    operationId: v1OperationIds.get(operation)!,
    security: schemes[credential],
    parameters: [
      ...parameters(operation, schemas).map((one) =>
        one.in === 'path' ? { ...one, schema: { type: 'string', format: 'uuid' } } : one,
      ),
      requestIdHeader,
    ],
    ...(body && { requestBody: { required: true, content: json(schemas.schemaOf(body, 'input')) } }),
    ...(rawBody && { requestBody: { required: true, content: { [rawBody]: {} } } }),
    responses: responses(operation),
  }
}

function paths() {
  const all: Record<string, Record<string, unknown>> = {}
  for (const operation of v1Operations) (all[operation.path] ??= {})[operation.method.toLowerCase()] = describe(operation)
  return all
}

const { value: described, schemas: named } = schemas.finish(paths())

// Without the versions and the locations of the Org API.
const { ETag: _etag, Location: _location, 'Idempotency-Replayed': _replayed, ...headersOfV1 } = headers

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
  tags: v1Tags.map((one) => ({ ...one })),
  paths: described,
  components: {
    schemas: named,
    headers: headersOfV1,
    securitySchemes: {
      user: { type: 'http', scheme: 'bearer', description: 'A personal token (bhu_…), or a JWT of the configured issuer.' },
      project: { type: 'apiKey', in: 'header', name: 'X-Project-Token' },
      agent: { type: 'apiKey', in: 'header', name: 'X-Agent-Token', description: 'Core instances send X-Aggregator-Token.' },
    },
  },
})
