import { auditOperations } from '#contract/audit/events'
import { listActivity } from '#domain/audit/events'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(auditOperations.activity, ({ project, query }) => listActivity(project, query)),
})
