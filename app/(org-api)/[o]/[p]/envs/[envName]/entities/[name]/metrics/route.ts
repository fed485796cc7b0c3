import { entityOperations } from '#contract/data/entities'
import { pushMetrics } from '#domain/data/entities'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  PUT: endpoint(entityOperations.pushMetrics, ({ project, params, query, body }) =>
    pushMetrics(project, params.envName, params.name, query, body),
  ),
})
