import { applyOperations } from '#contract/apply'
import { apply } from '#domain/apply/apply'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(applyOperations.apply, ({ project, params, body }) => apply(project, params.envName, body)),
})
