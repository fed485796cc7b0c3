import { summaryOperations } from '#contract/projects/summaries'
import { countProjects } from '#domain/projects/summaries'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(summaryOperations.count, ({ org, query }) => countProjects(org, query)),
})
