import { v1EnvironmentOperations } from '#contract/v1/environments'
import { createV1Environment, listV1Environments } from '#domain/v1/environments'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1List } from '#server/http/v1/listing'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1List(v1EnvironmentOperations.list, ({ project, query }, reach) => listV1Environments(project, { ...query, ...reach })),
  POST: v1Endpoint(v1EnvironmentOperations.create, ({ project, body }) => createV1Environment(project, body)),
})
