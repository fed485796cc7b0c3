import type { z } from 'zod'
import type { V1AuditLogs, V1AuditQuery } from '#contract/v1/audit-logs'
import { listAuditLogs } from '#db/queries/v1/audit-logs'
import type { ProjectContext } from '../context.ts'
import { assertCan } from '../access/permissions.ts'
import { cursorOf, pageOf } from './paging.ts'

const DEFAULT = 100
const MOST = 1000
const actions: readonly string[] = ['CREATE', 'UPDATE', 'DELETE']

/** `component[project]=…` → `{ project: '…' }`. The specification writes `components`, its client `component`. */
function mapOf(query: Record<string, unknown>, name: string): Record<string, string> {
  const inBrackets = new RegExp(`^${name}\\[([^\\]]{1,100})\\]$`)
  const entries = Object.entries(query).map(([key, value]) => [inBrackets.exec(key)?.[1], String(value)] as const)
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[0] !== undefined))
}

/** The project's audit events in this API's form. Its client sends the URL as `action`, so an unknown action counts as a URL. */
export async function listV1AuditLogs(context: ProjectContext, query: V1AuditQuery): Promise<z.output<typeof V1AuditLogs>> {
  assertCan(context, 'audit:read')
  const { first, after, action } = query
  const isAction = action !== undefined && actions.includes(action)
  const page = { limit: first === 0 ? DEFAULT : Math.min(first, MOST), before: cursorOf(after) }
  const rows = await listAuditLogs(context.db, context.project.id, {
    ...page,
    url: query.url || (isAction ? undefined : action || undefined),
    action: isAction ? action : undefined,
    components: mapOf(query, 'components?'),
    identity: mapOf(query, 'identity'),
  })
  const { items, next } = pageOf(rows, page, (row) => ({
    id: row.id,
    projectID: context.project.id,
    timestamp: row.created_at,
    url: row.url,
    components: row.components,
    identity: row.identity,
    action: row.action,
    responseCode: row.response_code,
  }))
  return { items, ...(next !== null && { endCursor: next }) }
}
