import { type RawBuilder, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues, preparedFirst } from '../../prepared.ts'

/** An organization's own quotas; null means the server's default, 0 means unlimited. */
export type OwnQuotas = { projects: number | null; members: number | null; tokens: number | null; rows: number | null }
type QuotaKind = keyof OwnQuotas

const columns = ['projects', 'members', 'tokens', 'rows'] as const

const ownQuotas = preparedFirst((db, orgId: string) =>
  db
    .selectFrom('organization_quotas')
    .select([...columns, 'measured_rows'])
    .where('org_id', '=', orgId),
)

/** The quotas with the last measured rows. */
export const findQuotas = (db: Database | Trx, orgId: string) => ownQuotas(db, orgId)

/** The last lock to take, except those of invitations: one transaction at a time adds what a quota counts, or sends mail. */
export function lockQuotas(trx: Trx, orgId: string) {
  return trx.selectFrom('organization_quotas').select(columns).where('org_id', '=', orgId).forNoKeyUpdate().executeTakeFirst()
}

export async function setQuotas(trx: Trx, orgId: string, quotas: Partial<OwnQuotas>): Promise<void> {
  await trx.updateTable('organization_quotas').set(quotas).where('org_id', '=', orgId).execute()
}

const live = sql`t.revoked_at is null and (t.expires_at is null or t.expires_at > now())`

/** What a quota counts, one row each; rows of projects are summed. */
const counted = {
  projects: (orgId) => sql`select from projects where org_id = ${orgId} and deleted_at is null`,
  members: (orgId) => sql`select from organization_members where org_id = ${orgId}`,
  tokens: (orgId) => sql`select from project_tokens t join projects p on p.id = t.project_id
      where p.org_id = ${orgId} and p.deleted_at is null and ${live}
    union all select from personal_tokens t where t.org_id = ${orgId} and ${live}`,
} as const satisfies Record<Exclude<QuotaKind, 'rows'>, (orgId: string) => RawBuilder<unknown>>

const count = async (db: Database | Trx, number: RawBuilder<number>) => {
  const { rows } = await sql<{ n: number }>`${plannedWithValues} select ${number} as n`.execute(db)
  return rows[0]!.n
}

/** The present count. Rows are those that projects show as theirs: all that a nuke would empty. */
export const countUsed = (db: Database | Trx, orgId: string, kind: QuotaKind): Promise<number> =>
  count(
    db,
    kind === 'rows'
      ? sql`(select coalesce(sum(r.n), 0)::int8 from projects p
          join row_counts r on r.project_id = p.id and r.generation = p.generation where p.org_id = ${orgId} and p.deleted_at is null)`
      : sql`(select count(*) from (${counted[kind](orgId)}) c)`,
  )

/** Whether there are so many. Counts no further, because others wait for the lock meanwhile. */
export async function hasAsMany(db: Database | Trx, orgId: string, kind: keyof typeof counted, size: number): Promise<boolean> {
  const found = await count(db, sql`(select count(*) from (select from (${counted[kind](orgId)}) c limit ${size}) c)`)
  return found >= size
}

/** Measures every organization from the counts that each write maintains. Returns how many changed. */
export async function measureRows(db: Database): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update organization_quotas q set measured_rows = m.n
    from (select o.org_id, coalesce(sum(r.n), 0)::int8 as n from organization_quotas o
      left join projects p on p.org_id = o.org_id and p.deleted_at is null
      left join row_counts r on r.project_id = p.id and r.generation = p.generation group by 1) m
    where q.org_id = m.org_id and q.measured_rows <> m.n`.execute(db)
  return Number(numAffectedRows)
}

/**
 * Takes one mail from the hourly allowance, which refills evenly. Returns the seconds until the next one is available, 0 if this
 * one was.
 */
export async function takeMail(trx: Trx, orgId: string, perHour: number): Promise<number> {
  const next = sql`greatest(mail_full_at, now()) + make_interval(secs => ${3600 / perHour})`
  // One millisecond of tolerance for fractions that add up.
  const { numAffectedRows } = await sql`update organization_quotas set mail_full_at = ${next}
    where org_id = ${orgId} and ${next} <= now() + interval '1 hour 1 millisecond'`.execute(trx)
  if (numAffectedRows) return 0
  const { rows } = await sql<{ waits: number }>`select extract(epoch from ${next} - now() - interval '1 hour')::float8 as waits
    from organization_quotas where org_id = ${orgId}`.execute(trx)
  return Math.max(1, Math.ceil(rows[0]!.waits))
}
