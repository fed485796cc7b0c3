import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'

type Sealed = { sealed: Buffer; sealed_by: string }
export type NewWebhook = Sealed & {
  id: string
  org_id: string
  /** The person who created it or last redirected it. */
  made_by: string
  url: string
  description: string
  events: string[] | null
  project_ids: string[] | null
  enabled: boolean
}
export type WebhookChange = Partial<Omit<NewWebhook, 'id' | 'org_id' | keyof Sealed>>

type Project = { id: string; slug: string; name: string }

const webhooks = (db: Database | Trx, orgId: string) =>
  db
    .selectFrom('webhooks as w')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('webhook_deliveries as d')
          .select(['d.state', 'd.action', 'd.created_at as delivery_created_at'])
          .whereRef('d.webhook_id', '=', 'w.id')
          .orderBy('d.id', 'desc')
          .limit(1)
          .as('last'),
      (join) => join.onTrue(),
    )
    .select(['w.id', 'w.url', 'w.description', 'w.events', 'w.project_ids', 'w.enabled', 'w.failing_since', 'w.switched_off_at'])
    .select(['w.created_at', 'w.updated_at', 'last.state', 'last.action', 'last.delivery_created_at'])
    .select('w.switched_off_reason')
    .select(sql<string | null>`case when w.paused_until > now() then w.paused_until end`.as('paused_until'))
    .select(sql<string | null>`case when w.previous_until > now() then w.previous_until end`.as('previous_until'))
    .select(
      sql<Project[] | null>`(select json_agg(json_build_object('id', p.id, 'slug', p.slug, 'name', p.name) order by p.slug)
        from projects p where p.org_id = w.org_id and p.purging_at is null and p.id = any(w.project_ids))`.as('projects'),
    )
    .where('w.org_id', '=', orgId)

export type WebhookRow = Awaited<ReturnType<typeof listWebhooks>>[number]

export function listWebhooks(db: Database | Trx, orgId: string, { after, limit }: { after: string | undefined; limit: number }) {
  return webhooks(db, orgId)
    .$if(after !== undefined, (q) => q.where('w.id', '>', after!))
    .orderBy('w.id')
    .limit(limit + 1)
    .execute()
}

export const findWebhook = (db: Database | Trx, orgId: string, id: string) =>
  webhooks(db, orgId).where('w.id', '=', id).executeTakeFirst()

/** Locks the webhook: one transaction at a time changes it. Queueing events for it does not wait. */
export async function lockWebhook(trx: Trx, orgId: string, id: string): Promise<boolean> {
  const row = await trx
    .selectFrom('webhooks')
    .select('id')
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row !== undefined
}

export async function countWebhooks(trx: Trx, orgId: string): Promise<number> {
  const { n } = await trx
    .selectFrom('webhooks')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('org_id', '=', orgId)
    .executeTakeFirstOrThrow()
  return n
}

const uuids = (ids: string[] | null) => sql<string[] | null>`${ids}::uuid[]`

export async function insertWebhook(trx: Trx, { project_ids, ...webhook }: NewWebhook): Promise<void> {
  await trx
    .insertInto('webhooks')
    .values({ ...webhook, project_ids: uuids(project_ids) })
    .execute()
}

/** Switching it on starts the tries over. */
export async function updateWebhook(trx: Trx, orgId: string, id: string, { project_ids, ...change }: WebhookChange) {
  await trx
    .updateTable('webhooks')
    .set({
      ...change,
      ...(project_ids === undefined ? {} : { project_ids: uuids(project_ids) }),
      ...(change.enabled ? { failing_since: null, switched_off_at: null, switched_off_reason: null } : {}),
      ...(change.enabled || change.url !== undefined ? { paused_until: null } : {}),
      updated_at: sql<string>`clock_timestamp()`,
    })
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .execute()
}

export async function deleteWebhook(trx: Trx, orgId: string, id: string): Promise<void> {
  await trx.deleteFrom('webhooks').where('org_id', '=', orgId).where('id', '=', id).execute()
}

/** The replaced secret also signs for `overlapSeconds`; earlier ones no longer do. */
export async function rotateSecret(trx: Trx, orgId: string, id: string, fresh: Sealed, overlapSeconds: number) {
  await trx
    .updateTable('webhooks')
    .set((eb) => ({
      previous_sealed: eb.ref('sealed'),
      previous_sealed_by: eb.ref('sealed_by'),
      previous_until: sql<string>`now() + make_interval(secs => ${overlapSeconds})`,
      ...fresh,
      updated_at: sql<string>`clock_timestamp()`,
    }))
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .execute()
}

/** No request goes to this URL for so many seconds. A webhook that was redirected meanwhile is not paused. */
export async function pauseWebhook(
  trx: Trx,
  { org_id, webhook_id }: { org_id: string; webhook_id: string },
  url: string,
  seconds: number,
): Promise<void> {
  await trx
    .updateTable('webhooks')
    .set({ paused_until: sql<string>`greatest(paused_until, now() + make_interval(secs => ${seconds}))` })
    .where('org_id', '=', org_id)
    .where('id', '=', webhook_id)
    .where('url', '=', url)
    .execute()
}

export async function resumeWebhook(trx: Trx, orgId: string, id: string): Promise<void> {
  await trx
    .updateTable('webhooks')
    .set({ paused_until: null })
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .where('paused_until', 'is not', null)
    .execute()
}

export type SwitchedOff = { id: string; url: string; failing_since: string | null }

/**
 * Switches it off after so many days without a delivery, or because the receiver at `url` is gone and it was not redirected
 * meanwhile; undefined where that is not so.
 */
export function switchOffWebhook(
  trx: Trx,
  orgId: string,
  id: string,
  why: { afterDays: number } | { url: string },
): Promise<SwitchedOff | undefined> {
  return trx
    .updateTable('webhooks')
    .set({ enabled: false, switched_off_at: sql<string>`now()`, updated_at: sql<string>`clock_timestamp()` })
    .set({ switched_off_reason: 'url' in why ? 'gone' : 'failing' })
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .where('enabled', '=', true)
    .where((eb) =>
      'url' in why
        ? eb('url', '=', why.url)
        : eb('failing_since', '<=', sql<string>`now() - make_interval(days => ${why.afterDays})`),
    )
    .returning(['id', 'url', 'failing_since'])
    .executeTakeFirst()
}

/** From all organizations, paged by id, for re-encrypting secrets. */
export const listSealedSecrets = (db: Database, after: string | undefined, limit: number) =>
  db
    .selectFrom('webhooks')
    .select(['org_id', 'id', 'sealed', 'sealed_by', 'previous_sealed', 'previous_sealed_by'])
    .$if(after !== undefined, (q) => q.where('id', '>', after!))
    .orderBy('id')
    .limit(limit)
    .execute()

/** Replaces an encrypted secret unless it was rotated meanwhile. */
export async function resealSecret(
  db: Database,
  { orgId, id }: { orgId: string; id: string },
  column: 'sealed' | 'previous_sealed',
  old: Buffer,
  fresh: Sealed,
) {
  const by = column === 'sealed' ? 'sealed_by' : 'previous_sealed_by'
  await db
    .updateTable('webhooks')
    .set({ [column]: fresh.sealed, [by]: fresh.sealed_by })
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .where(column, '=', old)
    .execute()
}
