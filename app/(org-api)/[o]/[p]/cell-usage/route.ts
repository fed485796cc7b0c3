import { cellUsageOperations } from '#contract/data/cell-usage'
import { getCellUsage } from '#domain/data/cell-usage'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(cellUsageOperations.get, ({ project, query }) => getCellUsage(project, query.env)),
})
