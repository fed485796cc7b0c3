import { statsOperations } from '#contract/projects/stats'
import { previewScope } from '#domain/projects/stats'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(statsOperations.previewScope, ({ project, query }) => previewScope(project, query)),
})
