import { v1TokenOperations } from '#contract/v1/tokens'
import { deleteV1Token, getV1Token, updateV1Token } from '#domain/v1/tokens'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1Endpoint(v1TokenOperations.get, ({ project, params }) => getV1Token(project, params.tokenID)),
  PATCH: v1Endpoint(v1TokenOperations.update, ({ project, params, body }) => updateV1Token(project, params.tokenID, body)),
  DELETE: v1Endpoint(v1TokenOperations.delete, ({ project, params }) => deleteV1Token(project, params.tokenID)),
})
