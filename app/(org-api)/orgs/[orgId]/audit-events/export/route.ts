import { organizationAuditOperations } from '#contract/audit/events'
import { exportOrganizationAuditEvents } from '#domain/audit/events'
import { organizationAuditCsv } from '#server/http/formats/audit-csv'
import { resource } from '#server/http/resource'
import { exporting } from '#server/http/stream'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: exporting(
    organizationAuditOperations.export,
    (org, query) => exportOrganizationAuditEvents(org, query),
    organizationAuditCsv,
  ),
})
