import { summaryOperations } from '#contract/projects/summaries'
import { listProjectSummaries } from '#domain/projects/summaries'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(summaryOperations.list, ({ org, query }) => listProjectSummaries(org, query)),
})
