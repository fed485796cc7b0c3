import { opsOperations } from '#contract/ops'
import { endpoint } from '#server/http/endpoint'
import { versions } from '#server/http/readiness'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(opsOperations.version, () => versions()),
})
