/**
 * The published API, copied by hand from its page and never derived from the code. Its paths, fields and statuses are binding.
 * Where the page has a bare `string`, `object` or `null`, the value beside it is this product's choice.
 */
type Field = { type: 'string' | 'object' | 'role' | 'string[] | null'; required: boolean }
type SchemaName = 'Error' | 'Project' | 'ProjectList' | 'ProjectMemberList' | 'ProjectNukeResult' | 'object'

export type SeedOperation = {
  request: string
  params: string[]
  /** Undefined = no request body. */
  fields?: Record<string, Field>
  statuses: Record<number, SchemaName>
}

const required = (type: Field['type']): Field => ({ type, required: true })
const optional = (type: Field['type']): Field => ({ type, required: false })

export const roles = ['owner', 'admin', 'member', 'viewer']

export const seedOperations: SeedOperation[] = [
  { request: 'DELETE /{o}/{p}/nuke', params: ['o', 'p'], statuses: { 200: 'ProjectNukeResult', 403: 'Error' } },
  { request: 'GET /orgs/{orgId}/projects', params: ['orgId'], statuses: { 200: 'ProjectList', 401: 'Error' } },
  {
    request: 'POST /orgs/{orgId}/projects',
    params: ['orgId'],
    fields: { name: required('string'), slug: required('string') },
    statuses: { 201: 'Project', 401: 'Error', 403: 'Error' },
  },
  {
    request: 'GET /orgs/{orgId}/projects/{projectId}',
    params: ['orgId', 'projectId'],
    statuses: { 200: 'Project', 401: 'Error', 404: 'Error' },
  },
  {
    request: 'PUT /orgs/{orgId}/projects/{projectId}',
    params: ['orgId', 'projectId'],
    fields: { name: optional('string'), metadata: optional('object') },
    statuses: { 200: 'Project', 401: 'Error', 403: 'Error', 404: 'Error' },
  },
  {
    request: 'DELETE /orgs/{orgId}/projects/{projectId}',
    params: ['orgId', 'projectId'],
    statuses: { 200: 'object', 401: 'Error', 403: 'Error', 404: 'Error' },
  },
  {
    request: 'GET /orgs/{orgId}/projects/{projectId}/members',
    params: ['orgId', 'projectId'],
    statuses: { 200: 'ProjectMemberList', 401: 'Error' },
  },
  {
    request: 'POST /orgs/{orgId}/projects/{projectId}/members',
    params: ['orgId', 'projectId'],
    fields: { userId: required('string'), role: optional('role'), envName: optional('string') },
    statuses: { 201: 'object', 400: 'Error', 401: 'Error', 403: 'Error' },
  },
  {
    request: 'DELETE /orgs/{orgId}/projects/{projectId}/members/{userId}',
    params: ['orgId', 'projectId', 'userId'],
    statuses: { 200: 'object', 401: 'Error', 403: 'Error', 404: 'Error' },
  },
  {
    request: 'PUT /orgs/{orgId}/projects/{projectId}/members/{userId}/cell-scopes',
    params: ['orgId', 'projectId', 'userId'],
    fields: { cellScopes: required('string[] | null') },
    statuses: { 200: 'object', 401: 'Error', 403: 'Error', 404: 'Error' },
  },
]

const string = { type: 'string' }
const id = { type: 'string', format: 'uuid' }
const time = { type: 'string', format: 'date-time' }

/** `Project` has exactly the page's fields; the others may have more. */
export const seedSchemas: Record<
  SchemaName,
  { required?: string[]; properties?: Record<string, object> } & Record<string, unknown>
> = {
  Error: { type: 'object', required: ['error'], properties: { error: { ...string, minLength: 1 }, code: string } },
  Project: {
    type: 'object',
    required: ['id', 'orgId', 'name', 'slug'],
    properties: {
      id,
      orgId: id,
      name: string,
      slug: string,
      metadata: { type: ['object', 'null'] },
      createdAt: time,
      updatedAt: time,
    },
    additionalProperties: false,
  },
  ProjectList: { type: 'array', items: { $ref: 'Project' } },
  ProjectMemberList: { type: 'array', items: { type: 'object' } },
  ProjectNukeResult: {
    type: 'object',
    required: ['projectId', 'rowCountsDeleted'],
    properties: { projectId: id, rowCountsDeleted: { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } } },
  },
  object: { type: 'object' },
}
