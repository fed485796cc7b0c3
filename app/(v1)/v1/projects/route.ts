import { v1ProjectOperations } from '#contract/v1/projects'
import { createV1Project, listV1Projects } from '#domain/v1/projects'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1List } from '#server/http/v1/listing'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1List(v1ProjectOperations.list, ({ actor, query }, reach) => listV1Projects(actor, { ...query, ...reach })),
  POST: v1Endpoint(v1ProjectOperations.create, ({ actor, body }) => createV1Project(actor, body)),
})
