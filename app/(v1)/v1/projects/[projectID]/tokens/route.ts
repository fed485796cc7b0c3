import { v1TokenOperations } from '#contract/v1/tokens'
import { createV1Token, listV1Tokens } from '#domain/v1/tokens'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1List } from '#server/http/v1/listing'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1List(v1TokenOperations.list, ({ project, query }, reach) => listV1Tokens(project, { ...query, ...reach })),
  POST: v1Endpoint(v1TokenOperations.create, ({ project, body }) => createV1Token(project, body)),
})
