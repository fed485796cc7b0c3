import { sql } from 'kysely'
import type { Database } from '../client.ts'

/** Milliseconds that reading may take. */
const PATIENCE = 2000
/** Organizations whose rows are told apart. */
const TOP = 20

/** What only the database knows about the whole server. */
export type Measured = {
  /** Waiting and running jobs of each kind; `failed`: those that are not tried again. */
  jobs: { task: string; waiting: number; failed: number }[]
  /** Seconds that the oldest job has waited beyond its time, and the oldest audit event for its seal. */
  oldestJob: number
  oldestUnsealed: number
  /** Webhooks whose latest deliveries failed. */
  failingWebhooks: number
  organizations: number
  /** The organizations with the most rows. */
  rows: { organization: string; rows: number }[]
}

/** One statement, given up after two seconds: metrics must not weigh on a database that is busy. */
export async function readMeasured(db: Database): Promise<Measured> {
  return db.transaction().execute(async (trx) => {
    await sql`set local statement_timeout = ${sql.lit(PATIENCE)}`.execute(trx)
    const { rows } = await sql<Measured>`
      with recursive unsealed as (
        (select org_id, id, created_at from audit_events where seq is null and org_id is not null order by org_id, id limit 1)
        union all
        select next.org_id, next.id, next.created_at from unsealed u cross join lateral (
          select org_id, id, created_at from audit_events where seq is null and org_id > u.org_id order by org_id, id limit 1
        ) next
      ), outside as (
        select created_at from audit_events where seq is null and org_id is null order by id limit 1
      ), queued as (
        select task_identifier as task, count(*) filter (where attempts < max_attempts) as waiting,
          count(*) filter (where attempts >= max_attempts) as failed,
          min(run_at) filter (where attempts < max_attempts and run_at <= now() and locked_at is null) as due
        from graphile_worker.jobs group by 1
      ), largest as (
        select o.slug as organization, q.measured_rows as rows from organization_quotas q join organizations o on o.id = q.org_id
        order by q.measured_rows desc, o.slug limit ${sql.lit(TOP)}
      )
      select coalesce((select json_agg(json_build_object('task', task, 'waiting', waiting, 'failed', failed)) from queued), '[]') as jobs,
        coalesce(extract(epoch from now() - (select min(due) from queued)), 0)::float8 as "oldestJob",
        greatest(0, coalesce(extract(epoch from now() - least((select min(created_at) from unsealed), (select created_at from outside))), 0))::float8 as "oldestUnsealed",
        (select count(*) from webhooks where enabled and failing_since is not null) as "failingWebhooks",
        (select count(*) from organizations) as organizations,
        coalesce((select json_agg(largest) from largest), '[]') as rows`.execute(trx)
    return rows[0]!
  })
}
