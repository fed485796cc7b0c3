import { auditOperations } from '#contract/audit/events'
import { exportAuditEvents } from '#domain/audit/events'
import { auditCsv } from '#server/http/formats/audit-csv'
import { resource } from '#server/http/resource'
import { exporting } from '#server/http/stream'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: exporting(auditOperations.export, (project, query) => exportAuditEvents(project, query), auditCsv),
})
