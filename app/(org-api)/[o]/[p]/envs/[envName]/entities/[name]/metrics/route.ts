import { entityOperations } from '#contract/entities'
import { pushMetrics } from '#domain/entities'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  PUT: endpoint(entityOperations.pushMetrics, ({ project, params, query, body }) =>
    pushMetrics(project, params.envName, params.name, query, body),
  ),
})
