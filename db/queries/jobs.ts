import { sql } from 'kysely'
import type { Database, Trx } from '../client.ts'
import type { ExpiryKind } from '../schema.ts'

/** The end to announce, and to whom. */
export type ExpiryMail = { kind: ExpiryKind; subjectId: string; expiresAt: string; userId: string }

/** Tells a person that an account is theirs now, and what it had before. */
export type TakeoverMail = { email: string; at: string; dropped: Dropped; hasPassword: boolean }

export type Dropped = { password: boolean; factors: number; identities: number; sessions: number; personalTokens: number }

/** The jobs that a transaction may queue, with their payloads. Never a secret: the queue stores payloads as plain text. */
type Jobs = {
  'mail-invitation': { invitationId: string }
  'mail-expiry': ExpiryMail
  'mail-notice': { userId: string; noticeId: string }
  'mail-password-reset': { email: string; askedAt: string }
  'mail-password-changed': { email: string; changedAt: string }
  'mail-account-taken-over': TakeoverMail
}

/** Jobs of one owner beyond which more waiting ones make no difference. */
const MANY = 1000

/**
 * Queues a job with the transaction: it runs after the commit, and never after a rollback. Retried with backoff. The more jobs of
 * `owner` (an organization or an address) wait already, the later it runs, so that a thousand invitations of one delay no mail of
 * another.
 */
export async function addJob<Name extends keyof Jobs>(trx: Trx, name: Name, payload: Jobs[Name], owner: string): Promise<void> {
  await sql`select graphile_worker.add_job(${name}, ${JSON.stringify(payload)}::json, max_attempts := 12, flags := array[${owner}::text],
    priority := (select count(*)::int from (
      select from graphile_worker.jobs where flags ? ${owner} and attempts < max_attempts limit ${sql.lit(MANY)}
    ) waiting))`.execute(trx)
}

/** The lease by which workers show that they are alive. */
export const workersOf = (id: string) => `workers ${id}`

/** Frees jobs locked by workers without a lease for this many seconds, and deletes those leases. Returns how many jobs. */
export async function freeLostJobs(db: Database, seconds: number): Promise<number> {
  const { rows } = await sql<{ workers: string[]; n: number }>`
    select array_agg(distinct j.locked_by) as workers, count(*) as n from graphile_worker.jobs j
    where j.locked_at < now() - make_interval(secs => ${seconds}) and not exists (
      select from leases l where l.name = ${workersOf('')} || j.locked_by and l.held_until > clock_timestamp()
    ) having count(*) > 0`.execute(db)
  const [lost] = rows
  if (lost) await sql`select graphile_worker.force_unlock_workers(${lost.workers})`.execute(db)
  await sql`delete from leases where starts_with(name, ${workersOf('')}) and held_until < clock_timestamp()`.execute(db)
  return lost?.n ?? 0
}
