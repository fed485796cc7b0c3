import { z } from 'zod'
import { codesOf } from './openapi-codes.ts'
import { requestExamples } from './openapi-examples.gen.ts'
import { withFields } from './openapi-fields.ts'
import { answerHeaders, headers, requestHeaders } from './openapi-headers.ts'
import { parameters } from './openapi-parameters.ts'
import { type Schema, type Schemas, createSchemas } from './openapi-schemas.ts'
import { ErrorBody, errorCodes } from './errors.ts'
import { memberOperations } from './members/members.ts'
import { type Operation, mayRepeat, takesBody } from './operation.ts'
import { operationIds, operations } from './operations.ts'
import { projectOperations } from './projects/projects.ts'
import { WebhookEvent, webhookEvents } from './webhooks/webhooks.ts'
import { tags } from './openapi-tags.ts'

const schemas = createSchemas(
  // Lists that the published API names.
  new Map<unknown, string>([
    [projectOperations.list.returns, 'ProjectList'],
    [memberOperations.list.returns, 'ProjectMemberList'],
  ]),
)

/** An answer ≥ 400, with the codes that it can have. */
const failure = (description: string, codes: readonly string[], { schemaOf }: Schemas = schemas) => ({
  description,
  content: {
    'application/json': {
      schema: {
        ...schemaOf(ErrorBody, 'output'),
        ...(codes.length > 0 && { type: 'object', properties: { code: { type: 'string', enum: codes } } }),
      },
    },
  },
})

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

/** What the documentation says once for all operations. */
const always = (operation: Operation): Partial<Record<number, string>> => ({
  ...(takesBody(operation) && { 413: 'The body is too large', 415: 'The body is not of a type that the operation takes' }),
  ...(mayRepeat(operation) && { 422: 'The `Idempotency-Key` was used for another request' }),
  503: 'The database is unavailable, or the server has too much to do',
})

function responses(operation: Operation) {
  const { permission, method, path, status, returns, lines, errors, statusOf } = operation
  const common: Partial<Record<number, string>> = { 400: 'The request is not valid' }
  if (permission !== 'public')
    Object.assign(common, { 401: 'The credentials are missing or not valid', 403: 'The caller may not do this' })
  if (path.includes('{') && !operation.hideUnknown) common[404] = 'There is no such resource, or the caller has no access to it'
  if (permission === 'public' && method !== 'GET') common[403] ??= 'The request comes from another site'
  const limited = operation.isCounted && { 429: tooMany(errors[429]) }
  const failures = Object.entries(withFresh(operation, { ...common, ...always(operation), ...errors, ...limited })).map(
    ([code, description]) => [
      code,
      { ...failure(description ?? '', codesOf(operation, Number(code))), headers: answerHeaders(operation, Number(code)) },
    ],
  )
  const type = operation.stream && operation.method === 'GET' ? 'application/x-ndjson' : 'application/json'
  const given = { headers: answerHeaders(operation, status) }
  if (status === 303) {
    const location = { description: 'The URL to go to', schema: { type: 'string' } }
    return {
      303: { description: 'Redirects the browser, also after a failure', headers: { ...given.headers, Location: location } },
    }
  }
  const success = {
    description: operation.summary,
    ...given,
    content: { [type]: { schema: schemas.schemaOf(returns, 'output') } },
  }
  const partly = statusOf && { 207: { ...success, description: 'Some items failed; the response says which, and why' } }
  const asCsv = hasCsv(operation) && { 'text/csv': { schema: { type: 'string' } } }
  const asLines = lines && { 'application/x-ndjson': { schema: schemas.schemaOf(lines, 'output') } }
  return {
    [status]: { ...success, content: { ...success.content, ...asLines, ...asCsv } },
    ...partly,
    ...(requestHeaders(operation).some(({ name }) => name === 'If-None-Match') && {
      304: { description: 'Nothing has changed', headers: answerHeaders(operation, 304) },
    }),
    ...Object.fromEntries(failures),
  }
}

/** A body that a test sends. */
function exampleOf(operation: Operation) {
  const example = requestExamples[operationIds.get(operation)!]
  return example === undefined ? {} : { example }
}

function requestBody(operation: Operation) {
  const { method, body, bodyOptional, takesYaml, stream } = operation
  if (stream && method === 'POST') {
    return { requestBody: { required: true, content: { 'application/x-ndjson': { schema: { type: 'string' } } } } }
  }
  if (!body) return {}
  const media = { schema: schemas.schemaOf(body, 'input') }
  return {
    requestBody: {
      required: !bodyOptional,
      content: { 'application/json': { ...media, ...exampleOf(operation) }, ...(takesYaml && { 'application/yaml': media }) },
    },
  }
}

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
    operationId: operationIds.get(operation)!,
    security:
      permission === 'public'
        ? []
        : permission === 'session'
          ? [{ session: [] }]
          : permission === 'anybody'
            ? [{}, { bearer: [] }, { session: [] }]
            : [{ bearer: [] }, { projectToken: [] }, { session: [] }],
    parameters: [...parameters(operation, schemas), ...requestHeaders(operation)],
    ...requestBody(operation),
    responses: responses(operation),
  }
}

function paths() {
  const all: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) (all[operation.path] ??= {})[operation.method.toLowerCase()] = describe(operation)
  return all
}

/** A code that no operation names today may come tomorrow, so the schema of all codes is for reading, not for refusing. */
function withCodes(all: Record<string, Schema>): Record<string, Schema> {
  const { Error: error, ...others } = all
  const { properties = {} } = error as { properties?: Record<string, Schema> }
  const code = { $ref: '#/components/schemas/ErrorCode' }
  return {
    ...others,
    Error: { ...error, properties: { ...properties, code } },
    ErrorCode: { type: 'string', enum: errorCodes, description: 'What went wrong, for programs. New codes may come.' },
  }
}

const signed = (name: string, description: string) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
})

/** What the server sends to a webhook of an organization. */
const webhooks = () => ({
  event: {
    post: {
      tags: ['Webhooks'],
      summary: 'An event of your organization',
      description:
        'Sent at least once, in no promised order. An answer of 2xx within ten seconds counts as delivered; 410 switches the webhook off; 429 or 503 with `Retry-After` pauses it.',
      operationId: 'webhooks.receive',
      security: [],
      parameters: [
        signed('webhook-id', 'The id of the event, the same for every try.'),
        signed('webhook-timestamp', 'When this try was signed, in seconds since 1970.'),
        signed('webhook-signature', '`v1,` and the HMAC-SHA-256 of id, timestamp and body, for each secret.'),
      ],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              ...schemas.schemaOf(WebhookEvent, 'output'),
              type: 'object',
              properties: { action: { type: 'string', enum: [...webhookEvents, 'ping'] } },
            },
          },
        },
      },
      responses: {
        204: { description: 'Delivered. Any other 2xx does as well' },
        410: { description: 'The receiver is permanently gone' },
        429: { description: 'Later' },
      },
    },
  },
})

const { value: whole, schemas: named } = schemas.finish({ paths: paths(), webhooks: webhooks() })

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
  tags: tags.map((one) => ({ ...one })),
  ...whole,
  components: {
    schemas: Object.fromEntries(Object.entries(withCodes(named)).map(([name, schema]) => [name, withFields(schema, name)])),
    headers,
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        description:
          'A personal token (`bhu_…`) has the permissions of its person, in the organizations and from the addresses that it is limited to; it can’t manage their sessions. A project token (`bhp_…`) has the permissions of its role, in its one project.',
      },
      projectToken: {
        type: 'apiKey',
        in: 'header',
        name: 'X-Project-Token',
        description: 'A project token (`bhp_…`), as in the v1 API. The same as a bearer token.',
      },
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: 'next-auth.session-token',
        description:
          'A person in a browser. What destroys or grants needs a sign-in at most ten minutes old; a change must come from the same origin.',
      },
    },
  },
})
