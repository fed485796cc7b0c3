import { v1AuditLogOperations } from '#contract/v1/audit-logs'
import { listV1AuditLogs } from '#domain/v1/audit-logs'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1Endpoint(v1AuditLogOperations.list, ({ project, query }) => listV1AuditLogs(project, query)),
})
