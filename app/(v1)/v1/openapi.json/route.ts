import { opsOperations } from '#contract/ops'
import { v1OpenApiDocument } from '#contract/v1/openapi'
import { endpoint } from '#server/http/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: endpoint(opsOperations.v1Openapi, () => v1OpenApiDocument),
})
