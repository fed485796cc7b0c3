import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { before } from './paging.ts'

export type AuditLogPage = {
  url: string | undefined
  action: string | undefined
  components: Record<string, string>
  identity: Record<string, string>
  before: { createdAt: string; key: string } | undefined
  limit: number
}

/** An event in the v1 API's terms: one of three actions, and its target and actor as maps of text. */
const action = sql<'CREATE' | 'UPDATE' | 'DELETE'>`case
  when e.action ~ '[.](created|added|invited|registered|rotated)$' then 'CREATE'
  when e.action ~ '[.](deleted|removed|revoked|nuked|purged)$' then 'DELETE'
  else 'UPDATE' end`
const url = sql<string>`coalesce(e.url, '/v1/projects/' || e.project_id)`
const components = sql<Record<string, string>>`jsonb_build_object('project', e.project_id::text, e.target_kind, e.target_id)`
const identity = sql<
  Record<string, string>
>`jsonb_strip_nulls(jsonb_build_object('kind', e.actor_kind::text, 'id', e.actor_id::text, 'name', e.actor_name))`

/** Newest first. */
export function listAuditLogs(db: Database | Trx, projectId: string, want: AuditLogPage) {
  const hasAll = (map: typeof components, pairs: Record<string, string>) =>
    sql<boolean>`${map} @> ${JSON.stringify(pairs)}::jsonb`
  return db
    .selectFrom('audit_events as e')
    .select(['e.id', 'e.project_id', 'e.created_at'])
    .select([action.as('action'), url.as('url'), components.as('components'), identity.as('identity')])
    .select(sql<number>`coalesce(e.response_code, 200)`.as('response_code'))
    .where('e.project_id', '=', projectId)
    .$if(want.url !== undefined, (q) => q.where(sql<boolean>`${url} = ${want.url}`))
    .$if(want.action !== undefined, (q) => q.where(sql<boolean>`${action} = ${want.action}`))
    .$if(Object.keys(want.components).length > 0, (q) => q.where(hasAll(components, want.components)))
    .$if(Object.keys(want.identity).length > 0, (q) => q.where(hasAll(identity, want.identity)))
    .$if(want.before !== undefined, (q) => q.where(before('e', want.before!)))
    .orderBy('e.created_at', 'desc')
    .orderBy('e.id', 'desc')
    .limit(want.limit + 1)
    .execute()
}
