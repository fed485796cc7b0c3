import { organizationAuditOperations } from '#contract/audit/events'
import { listOrganizationAuditEvents } from '#domain/audit/events'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(organizationAuditOperations.list, ({ org, query }) => listOrganizationAuditEvents(org, query)),
})
