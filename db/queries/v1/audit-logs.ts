import { type RawBuilder, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import { before } from './paging.ts'

export type AuditLogPage = {
  url: string | undefined
  action: string | undefined
  components: Record<string, string>
  identity: Record<string, string>
  before: { createdAt: string; key: string } | undefined
  limit: number
}

/** One of the v1 API's three actions. */
const actionOf = (action: RawBuilder<unknown>) => sql<'CREATE' | 'UPDATE' | 'DELETE'>`case
  when ${action} ~ '[.](created|added|invited|registered|rotated)$' then 'CREATE'
  when ${action} ~ '[.](deleted|removed|revoked|nuked|purged)$' then 'DELETE'
  else 'UPDATE' end`

/** An event's target and actor in the v1 API's terms: as maps of text. */
const url = sql<string>`coalesce(e.url, '/v1/projects/' || e.project_id)`
const components = sql<Record<string, string>>`jsonb_build_object('project', e.project_id::text, e.target_kind, e.target_id)`
const identity = sql<
  Record<string, string>
>`jsonb_strip_nulls(jsonb_build_object('kind', e.actor_kind::text, 'id', e.actor_id::text, 'name', e.actor_name))`

/** The actions in a project's log that are this one to the v1 API, found one after the other in their index. */
const actionsLike = (projectId: string, action: string) => sql`array(
  with recursive a as (
    (select action from audit_events where project_id = ${projectId} order by action limit 1)
    union all
    select (select n.action from audit_events n where n.project_id = ${projectId} and n.action > a.action order by n.action limit 1)
    from a where a.action is not null
  ) select a.action from a where ${actionOf(sql`a.action`)} = ${action})`

/** Conditions on columns that follow from those on maps: they cost less, and have indexes. */
function implied(want: AuditLogPage): RawBuilder<boolean> {
  const { id, kind } = want.identity
  const targets = Object.entries(want.components).filter(([key]) => key !== 'project')
  return sql`${sql.join(
    [
      sql`true`,
      ...(kind === undefined ? [] : [sql`e.actor_kind::text = ${kind}`]),
      ...(id !== undefined && uuid.test(id) ? [sql`e.actor_id = ${id}::uuid`] : []),
      ...targets.map(([key, value]) => sql`(e.target_kind = ${key} and e.target_id = ${value})`),
    ],
    sql` and `,
  )}`
}
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** Newest first. */
export function listAuditLogs(db: Database | Trx, projectId: string, want: AuditLogPage) {
  const hasAll = (map: typeof components, pairs: Record<string, string>) =>
    sql<boolean>`${map} @> ${JSON.stringify(pairs)}::jsonb`
  return db
    .selectFrom('audit_events as e')
    .modifyFront(plannedWithValues)
    .select(['e.id', 'e.project_id', 'e.created_at'])
    .select([actionOf(sql`e.action`).as('action'), url.as('url'), components.as('components'), identity.as('identity')])
    .select(sql<number>`coalesce(e.response_code, 200)`.as('response_code'))
    .where('e.project_id', '=', projectId)
    .where(implied(want))
    .$if(want.url !== undefined, (q) => q.where(sql<boolean>`${url} = ${want.url}`))
    .$if(want.action !== undefined, (q) => q.where(sql<boolean>`e.action = any(${actionsLike(projectId, want.action!)})`))
    .$if(Object.keys(want.components).length > 0, (q) => q.where(hasAll(components, want.components)))
    .$if(Object.keys(want.identity).length > 0, (q) => q.where(hasAll(identity, want.identity)))
    .$if(want.before !== undefined, (q) => q.where(before('e', want.before!)))
    .orderBy('e.created_at', 'desc')
    .orderBy('e.id', 'desc')
    .limit(want.limit + 1)
    .execute()
}
