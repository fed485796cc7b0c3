import { v1TokenOperations } from '#contract/v1/tokens'
import { createV1Token, listV1Tokens } from '#domain/v1/tokens'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1Endpoint(v1TokenOperations.list, ({ project, query }) => listV1Tokens(project, query)),
  POST: v1Endpoint(v1TokenOperations.create, ({ project, body }) => createV1Token(project, body)),
})
