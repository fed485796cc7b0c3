import { type RawBuilder, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import type { ExpiryKind } from '../../schema.ts'

/**
 * Memberships and tokens that end within a week, of live projects and people. A membership is left out where the organization
 * gives a role at least as high.
 */
const ending = sql`
  select 'member'::expiry_kind as kind, m.id, m.expires_at, m.created_at, p.org_id as owner
  from project_members m
  join projects p on p.id = m.project_id and p.deleted_at is null
  join organization_members o on o.org_id = p.org_id and o.user_id = m.user_id
  where not (o.role in ('owner', 'admin') and o.role <= m.role)
    and m.expires_at > now() and m.expires_at <= now() + interval '7 days'
  union all
  select 'project_token', t.id, t.expires_at, t.created_at, p.org_id
  from project_tokens t
  join projects p on p.id = t.project_id and p.deleted_at is null
  where t.revoked_at is null and t.expires_at > now() and t.expires_at <= now() + interval '7 days'
  union all
  select 'personal_token', t.id, t.expires_at, t.created_at, coalesce(t.org_id, t.user_id)
  from personal_tokens t
  where t.revoked_at is null and t.expires_at > now() and t.expires_at <= now() + interval '7 days'
`

/** With the step that is due; where both are due, only the later one. */
const due = sql`
  select e.*, (case when e.expires_at <= now() + interval '1 day' then 'day' else 'week' end)::expiry_step as step,
    case when e.expires_at <= now() + interval '1 day' then interval '1 day' else interval '7 days' end as ahead
  from (${ending}) e
`

/** `owner` is the organization it concerns, or the person where it concerns none. */
export type ExpiryNotice = { kind: ExpiryKind; subject_id: string; expires_at: string; owner: string }

/**
 * Only the transaction that inserts the row may notify; a concurrent one waits for the key, then inserts nothing. Interleaves
 * owners: the first of each, then the second of each.
 */
async function note(trx: Trx, which: RawBuilder<unknown>, limit: number): Promise<ExpiryNotice[]> {
  const { rows } = await sql<ExpiryNotice>`
    with chosen as materialized (
      select d.kind, d.id, d.expires_at, d.step, d.owner from (${due}) d
      where ${which} and not exists (
        select from expiry_notices n where n.subject_id = d.id and n.expires_at = d.expires_at and n.step = d.step
      )
      order by row_number() over (partition by d.owner order by d.expires_at, d.id), d.expires_at, d.id limit ${limit}
    ), noted as (
      insert into expiry_notices (kind, subject_id, expires_at, step)
      select kind, id, expires_at, step from chosen
      on conflict do nothing
      returning kind, subject_id, expires_at
    )
    select n.kind, n.subject_id, n.expires_at, c.owner from noted n join chosen c on c.id = n.subject_id
  `.execute(trx)
  return rows
}

/**
 * What nobody was notified of yet. Skips a step for anything created closer to its end than that step: its end is already known.
 */
export const claimExpiryNotices = (trx: Trx, limit: number) => note(trx, sql`d.created_at <= d.expires_at - d.ahead`, limit)

/** Someone who sets a near end themselves needs no notice of it right away. */
export const skipExpiryNotice = (trx: Trx, subjectId: string) => note(trx, sql`d.id = ${subjectId}`, 1)

/**
 * For a membership or a personal token, its person. For a project token, the project's owners and its creator, if still in the organization.
 */
export async function listExpiryRecipients(trx: Trx, subjectIds: string[]) {
  const ids = sql`any(${subjectIds}::uuid[])`
  const { rows } = await sql<{ subject_id: string; user_id: string }>`
    select m.id as subject_id, m.user_id from project_members m where m.id = ${ids}
    union
    select t.id, t.user_id from personal_tokens t where t.id = ${ids}
      and (t.org_id is null or exists (select from organization_members o where o.org_id = t.org_id and o.user_id = t.user_id))
    union
    select t.id, m.user_id from project_tokens t
    join project_members m on m.project_id = t.project_id and m.role = 'owner'
    where t.id = ${ids} and (m.expires_at is null or m.expires_at > now())
    union
    select t.id, u.id from project_tokens t
    join projects p on p.id = t.project_id
    join users u on u.email = t.created_by
    join organization_members o on o.org_id = p.org_id and o.user_id = u.id
    where t.id = ${ids}
  `.execute(trx)
  return rows
}

export async function deleteOldExpiryNotices(db: Database): Promise<void> {
  await db
    .deleteFrom('expiry_notices')
    .where('expires_at', '<', sql<string>`now() - interval '30 days'`)
    .execute()
}

/** What ends, as it is now, and whom to notify; undefined when it was removed, extended or is already over. */
export async function findExpiring(
  db: Database,
  { kind, subjectId, expiresAt, userId }: { kind: ExpiryKind; subjectId: string; expiresAt: string; userId: string },
) {
  const parts = {
    member: sql`select m.id, m.project_id, null::uuid as org_id, null::text as name, m.expires_at from project_members m`,
    project_token: sql`select t.id, t.project_id, null::uuid as org_id, t.name, t.expires_at from project_tokens t where t.revoked_at is null`,
    personal_token: sql`select t.id, null::uuid as project_id, t.org_id, t.name, t.expires_at from personal_tokens t where t.revoked_at is null`,
  }
  const { rows } = await sql<{
    name: string | null
    expires_at: string
    seconds: number
    email: string
    project_id: string | null
    project_name: string | null
    project_slug: string | null
    org_slug: string | null
    org_name: string | null
  }>`
    select s.name, s.expires_at, extract(epoch from s.expires_at - now())::float8 as seconds, u.email,
      s.project_id, p.name as project_name, p.slug as project_slug, o.slug as org_slug, o.name as org_name
    from (${parts[kind]}) s
    join users u on u.id = ${userId}
    left join projects p on p.id = s.project_id
    left join organizations o on o.id = coalesce(p.org_id, s.org_id)
    where s.id = ${subjectId} and s.expires_at = ${expiresAt}::timestamptz and s.expires_at > now() and p.deleted_at is null
  `.execute(db)
  return rows[0]
}

/** Who can extend a member's access to a project: its owners, except that member. */
export function listProjectOwners(db: Database, projectId: string, except: string) {
  return db
    .selectFrom('project_members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select(['u.name', 'u.email'])
    .where('m.project_id', '=', projectId)
    .where('m.role', '=', 'owner')
    .where('m.user_id', '!=', except)
    .where((eb) => eb.or([eb('m.expires_at', 'is', null), eb('m.expires_at', '>', sql<string>`now()`)]))
    .orderBy('m.created_at')
    .orderBy('m.id')
    .limit(5)
    .execute()
}
