import { statsOperations } from '#contract/projects/stats'
import { getStats } from '#domain/projects/stats'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(statsOperations.get, ({ project }) => getStats(project)),
})
