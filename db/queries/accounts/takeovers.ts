import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'

/** The organizations that a user belongs to. */
export async function listOrganizationsOf(trx: Trx, userId: string): Promise<string[]> {
  const rows = await trx
    .selectFrom('organization_members')
    .select('org_id')
    .where('user_id', '=', userId)
    .orderBy('org_id')
    .execute()
  return rows.map(({ org_id }) => org_id)
}

/** An organization joined before its member proved their address is no home. */
export async function forgetHome(trx: Trx, orgId: string, userId: string): Promise<void> {
  await trx
    .updateTable('organization_members')
    .set({ home: false })
    .where('org_id', '=', orgId)
    .where('user_id', '=', userId)
    .execute()
}

/** The members of an organization who sent an invitation that this address accepted. */
export async function listInvitersOf(trx: Trx, orgId: string, email: string): Promise<string[]> {
  const rows = await trx
    .selectFrom('invitations as i')
    .innerJoin('organization_members as m', (join) =>
      join.onRef('m.org_id', '=', 'i.org_id').onRef('m.user_id', '=', 'i.invited_by'),
    )
    .select('m.user_id')
    .distinct()
    .where('i.org_id', '=', orgId)
    .where('i.email', '=', email)
    .where('i.accepted_at', 'is not', null)
    .orderBy('m.user_id')
    .execute()
  return rows.map(({ user_id }) => user_id)
}

export type MadeToken = { project_id: string; id: string; name: string }

/**
 * The working project tokens that a user, or a token of theirs, made or rotated. Taken from the audit log, which nobody can
 * change.
 */
export async function listTokensMadeBy(db: Database | Trx, orgId: string, userId: string): Promise<MadeToken[]> {
  const { rows } = await sql<MadeToken>`
    with recursive made (id) as (
      select ${userId}::uuid
      union
      select (case e.action when 'token.rotated' then e.after ->> 'id' else e.target_id end)::uuid
      from made m join audit_events e on e.actor_id = m.id
      where e.org_id = ${orgId} and e.action in ('token.created', 'token.rotated')
    )
    select t.project_id, t.id, t.name from projects p join project_tokens t on t.project_id = p.id
    where p.org_id = ${orgId} and t.id in (select id from made)
      and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
    order by t.project_id, t.id`.execute(db)
  return rows
}

export type MadeWebhook = { id: string; url: string; project_ids: string[] | null }

/** The webhooks that a user made or redirected, or whose secret they know. */
export async function listWebhooksMadeBy(db: Database | Trx, orgId: string, userId: string): Promise<MadeWebhook[]> {
  const { rows } = await sql<MadeWebhook>`
    select w.id, w.url, w.project_ids from webhooks w
    where w.org_id = ${orgId} and exists (
      select from audit_events e where e.org_id = ${orgId} and e.actor_id = ${userId} and e.target_id = w.id::text
        and e.action in ('webhook.created', 'webhook.updated', 'webhook.secret-rotated'))
    order by w.id`.execute(db)
  return rows
}
