import { v1ProjectOperations } from '#contract/v1/projects'
import { createV1Project, listV1Projects } from '#domain/v1/projects'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1Endpoint(v1ProjectOperations.list, ({ actor, query }) => listV1Projects(actor, query)),
  POST: v1Endpoint(v1ProjectOperations.create, ({ actor, body }) => createV1Project(actor, body)),
})
