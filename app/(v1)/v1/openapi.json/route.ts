import { opsOperations } from '#contract/ops'
import { v1OpenApiDocument } from '#contract/v1/openapi'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(opsOperations.v1Openapi, () => v1OpenApiDocument),
})
