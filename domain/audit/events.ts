import type { AuditChain, AuditEvent, AuditFilter, AuditQuery } from '#contract/audit/events'
import type { Database, Trx } from '#db/client'
import * as rows from '#db/queries/audit/events'
import { isFollowed } from '#db/queries/page-bytes'
import { countUnsealedOfProject, findHead } from '#db/queries/audit/chain'
import type { ProjectContext } from '../context.ts'
import { type Page, idCursor, toPage } from '../paging.ts'
import { assertCan } from '../access/permissions.ts'

/** Events an export reads with each statement. */
const CHUNK = 1000

type Row = Awaited<ReturnType<typeof rows.listAuditEvents>>[number]

const present = (row: Row): AuditEvent => ({
  id: row.id,
  actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
  action: row.action,
  target: { kind: row.target_kind, id: row.target_id, name: row.target_name },
  before: row.before as AuditEvent['before'],
  after: row.after as AuditEvent['after'],
  requestId: row.request_id,
  address: row.address,
  createdAt: row.created_at,
  seq: row.seq,
  hash: row.hash?.toString('hex') ?? null,
})

const toFilter = ({ action, actor, target, from, to, requestId }: AuditFilter): rows.AuditFilter => ({
  action,
  actor,
  target,
  from,
  to,
  requestId,
})

export async function listAuditEvents(
  context: ProjectContext,
  { limit, cursor, ...filter }: AuditQuery,
): Promise<Page<AuditEvent>> {
  assertCan(context, 'audit:read')
  const page = { ...toFilter(filter), before: idCursor(cursor), limit }
  return toPage(await rows.listAuditEvents(context.db, context.project.id, page), limit, (row) => [row.id], present)
}

export async function getAuditChain(context: ProjectContext): Promise<AuditChain> {
  assertCan(context, 'audit:read')
  const { seq, hash, sealed_at } = await findHead(context.db, context.org.id)
  const unsealed = await countUnsealedOfProject(context.db, context.org.id, context.project.id)
  return { end: seq && hash && sealed_at ? { seq, hash: hash.toString('hex'), sealedAt: sealed_at } : null, unsealed }
}

/**
 * All events that a list with this filter shows, page by page. Events written meanwhile sort before the first and are left out.
 */
export async function exportAuditEvents(context: ProjectContext, filter: AuditFilter): Promise<AsyncGenerator<AuditEvent>> {
  assertCan(context, 'audit:read')
  return events(context.db, context.project.id, toFilter(filter))
}

async function* events(db: Database | Trx, projectId: string, filter: rows.AuditFilter): AsyncGenerator<AuditEvent> {
  let before: string | undefined
  do {
    const page = await rows.listAuditEvents(db, projectId, { ...filter, before, limit: CHUNK })
    const shown = page.slice(0, CHUNK)
    for (const row of shown) yield present(row)
    before = page.length > CHUNK || isFollowed(shown.at(-1)) ? shown.at(-1)!.id : undefined
  } while (before !== undefined)
}
