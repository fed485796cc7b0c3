import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '#contract/operations'
import { webhookEvents } from '#contract/webhooks/webhooks'
import { nameOf } from '../support/http/examples.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { roles, seedOperations, seedSchemas } from './seed.ts'

type Schema = {
  $ref?: string
  type?: string | string[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: unknown[]
}
type Content = { description: string; content: Record<string, { schema: Schema }> }
type Described = {
  operationId: string
  summary: string
  tags: string[]
  security: Record<string, unknown>[]
  parameters: { name: string; in: string; required: boolean; description?: string; schema: Schema }[]
  requestBody?: { required: boolean; content: Content['content'] }
  responses: Record<string, Content>
}
type Document = {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Described>>
  webhooks: Record<string, { post: Described }>
  tags: { name: string; description: string }[]
  components: {
    schemas: Record<string, Schema>
    headers: Record<string, { description: string }>
    securitySchemes: Record<string, { description: string }>
  }
}

let lane: Lane
let document: Document
let all: { name: string; path: string; described: Described }[]
beforeAll(async () => {
  lane = await startLane()
  document = (await lane.send<Document>(null, 'GET /openapi.json')).body
  all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ name: `${method.toUpperCase()} ${path}`, path, described })),
  )
})
afterAll(() => lane.stop())

const described = (request: string) => all.find(({ name }) => name === request)!.described
const schemaOf = ({ content }: Pick<Content, 'content'>): Schema => Object.values(content)[0]!.schema
const resolved = (schema: Schema): Schema => (schema.$ref ? document.components.schemas[schema.$ref.split('/').at(-1)!]! : schema)
const typesOf = (schema: Schema): string[] => {
  const { type = [], anyOf = [] } = resolved(schema)
  return [...[type].flat(), ...anyOf.flatMap(typesOf)]
}

describe('the document contains the published API', () => {
  test.for(seedOperations)('$request', ({ request, params, fields, statuses }) => {
    const { parameters, requestBody, responses, security } = described(request)
    expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(params)
    expect(parameters.filter((one) => one.in === 'path' && !(one.required && one.schema.type === 'string'))).toEqual([])
    expect(security).toContainEqual({ bearer: [] })
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(Object.keys(statuses)))
    for (const [status, name] of Object.entries(statuses)) {
      const schema = schemaOf(responses[status]!)
      expect(name === 'object' ? resolved(schema).type : schema.$ref).toBe(
        name === 'object' ? 'object' : `#/components/schemas/${name}`,
      )
    }
    const body = requestBody && resolved(schemaOf(requestBody))
    // Our nuke accepts an optional confirmation; the published one has no body.
    expect(requestBody?.required ?? false).toBe(fields !== undefined)
    expect(body?.required ?? []).toEqual(Object.keys(fields ?? {}).filter((name) => fields![name]!.required))
    for (const [name, { type }] of Object.entries(fields ?? {})) {
      const field = body!.properties![name]!
      const accepts = { string: ['string'], role: ['string'], object: ['object'], 'string[] | null': ['array', 'null'] }[type]
      expect(typesOf(field), name).toEqual(expect.arrayContaining(accepts))
      expect(resolved(field).enum, name).toEqual(type === 'role' ? roles : undefined)
    }
  })

  test.for(['Error', 'Project', 'ProjectNukeResult'] as const)('the schema %s', (name) => {
    const { required: published = [], properties = {} } = seedSchemas[name]
    const ours = document.components.schemas[name]!
    expect(ours.required).toEqual(expect.arrayContaining(published))
    expect(Object.keys(ours.properties!)).toEqual(expect.arrayContaining(Object.keys(properties)))
  })

  test('has exactly the published fields in Project', () => {
    expect(Object.keys(document.components.schemas['Project']!.properties!)).toEqual(Object.keys(seedSchemas.Project.properties!))
    expect(document.components.schemas['ProjectList']!.items).toEqual({ $ref: '#/components/schemas/Project' })
    expect(resolved(document.components.schemas['ProjectMemberList']!.items!).type).toBe('object')
  })
})

describe('the document is OpenAPI 3.1', () => {
  test('with a name for every shape that has fields of its own, at least sixty', () => {
    expect(Object.keys(document.components.schemas).length).toBeGreaterThan(60)
    expect(described('GET /orgs/{orgId}/projects/{projectId}/members').responses['200']!.content['application/json']).toEqual({
      schema: { $ref: '#/components/schemas/ProjectMemberList' },
    })
  })

  test('with requests that refuse unknown fields, and answers that may get new ones', () => {
    const strict = (schema: unknown): boolean => JSON.stringify(schema).includes('"additionalProperties":false')
    for (const { name, described: one } of all) expect(strict(one.responses), name).toBe(false)
    for (const name of ['Project', 'Member', 'Wipe', 'Error']) expect(strict(document.components.schemas[name]), name).toBe(false)
    for (const name of ['CreateProject', 'AddMember', 'SetCellScopes'])
      expect(strict(document.components.schemas[name]), name).toBe(true)
  })

  test('with a description of every parameter, header, tag and security scheme', () => {
    const silent = all.flatMap(({ name, described: one }) =>
      one.parameters.filter(({ description }) => !description).map((parameter) => `${name} ${parameter.name}`),
    )
    expect(silent).toEqual([])
    const { headers, securitySchemes } = document.components
    for (const one of [...Object.values(headers), ...Object.values(securitySchemes), ...document.tags])
      expect(one.description).toMatch(/\.$/)
    expect(new Set(all.flatMap(({ described: one }) => one.tags))).toEqual(new Set(document.tags.map(({ name }) => name)))
  })

  test('with what webhooks receive', () => {
    const { post } = document.webhooks['event']!
    expect(schemaOf(post.requestBody!).$ref).toBe('#/components/schemas/WebhookEvent')
    expect(schemaOf(post.requestBody!).properties!['action']!.enum).toEqual([...webhookEvents, 'ping'])
  })

  test('with the codes of each refusal', () => {
    const codes = (request: string, status: string) =>
      (schemaOf(described(request).responses[status]!) as { properties?: { code: { enum: string[] } } }).properties?.code.enum
    expect(codes('POST /orgs/{orgId}/projects', '409')).toEqual(['answer_not_kept', 'quota_reached', 'slug_taken'])
    expect(codes('DELETE /{o}/{p}/nuke', '409')).toEqual(['deletion_protected'])
    expect(codes('GET /orgs/{orgId}/projects/{projectId}', '404')).toEqual([
      'not_found',
      'organization_not_found',
      'project_not_found',
    ])
    const known = new Set(document.components.schemas['ErrorCode']!.enum)
    const all400 = all.flatMap(({ name, described: one }) =>
      Object.keys(one.responses)
        .filter((status) => status >= '400')
        .map((status) => ({ where: `${name} ${status}`, named: codes(name, status) ?? [] })),
    )
    expect(all400.filter(({ named }) => named.some((code) => !known.has(code)))).toEqual([])
  })

  test('and describes every operation once', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/)
    expect(document.info).toMatchObject({ title: expect.any(String) as string, version: expect.any(String) as string })
    expect(all.map(({ name }) => name).toSorted()).toEqual(operations.map(nameOf).toSorted())
    const ids = all.map((one) => one.described.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !/^[a-z][A-Za-z0-9]+\.[a-z][A-Za-z0-9]+$/.test(id))).toEqual([])
  })

  test('with exactly the parameters of each path, and a description for each answer', () => {
    for (const { name, path, described: one } of all) {
      const inPath = one.parameters.filter((parameter) => parameter.in === 'path')
      expect(
        inPath.map((parameter) => `{${parameter.name}}`),
        name,
      ).toEqual(path.match(/\{\w+\}/g) ?? [])
      expect(new Set(one.parameters.map((parameter) => `${parameter.in} ${parameter.name}`)).size, name).toBe(
        one.parameters.length,
      )
      expect(
        Object.keys(one.responses).filter((status) => status < '400' && status !== '207' && status !== '304'),
        name,
      ).toHaveLength(1)
      expect(
        Object.values(one.responses).filter(({ description }) => !description),
        name,
      ).toEqual([])
      expect(
        one.security
          .flatMap((scheme) => Object.keys(scheme))
          .filter((scheme) => !(scheme in document.components.securitySchemes)),
        name,
      ).toEqual([])
    }
  })

  test('with valid JSON Schema 2020-12 in every schema, and no dangling reference', () => {
    const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true })
    addFormats.default(ajv)
    ajv.addKeyword('components')
    const schemas = all.flatMap(({ name, described: one }) => [
      ...one.parameters.map((parameter) => ({ where: `${name} ${parameter.name}`, schema: parameter.schema })),
      ...Object.entries(one.responses)
        .filter(([, { content }]) => content !== undefined)
        .map(([status, response]) => ({ where: `${name} ${status}`, schema: schemaOf(response) })),
      ...(one.requestBody ? [{ where: `${name} body`, schema: schemaOf(one.requestBody) }] : []),
    ])
    expect(schemas.length).toBeGreaterThan(200)
    // References as they stand in the document.
    ajv.addSchema({ $id: 'https://bulkhead.test/', components: document.components }, undefined, undefined, false)
    const placed = (schema: Schema) =>
      JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"https://bulkhead.test/#/components/')) as Schema
    const different = new Map(schemas.map(({ where, schema }) => [JSON.stringify(schema), { where, schema }]))
    for (const { where, schema } of different.values()) expect(() => ajv.compile(placed(schema)), where).not.toThrow()
  })
})
