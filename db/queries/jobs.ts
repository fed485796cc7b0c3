import { sql } from 'kysely'
import type { Database, Trx } from '../client.ts'
import type { ExpiryKind } from '../schema.ts'

/** Whom to tell of which end. */
export type ExpiryMail = { kind: ExpiryKind; subjectId: string; expiresAt: string; userId: string }

/** Whom to tell that an account is theirs now, and what it had before. */
export type TakeoverMail = { email: string; at: string; dropped: Dropped; hasPassword: boolean }

export type Dropped = { password: boolean; factors: number; identities: number; sessions: number; personalTokens: number }

/** The jobs that a transaction may leave behind, with what each is told. Never a secret: the queue keeps it in the clear. */
type Jobs = {
  'mail-invitation': { invitationId: string }
  'mail-expiry': ExpiryMail
  'mail-notice': { userId: string; noticeId: string }
  'mail-password-reset': { email: string; askedAt: string }
  'mail-password-changed': { email: string; changedAt: string }
  'mail-account-taken-over': TakeoverMail
}

/** Jobs of one owner beyond which it does not matter any more how many wait. */
const MANY = 1000

/**
 * Puts a job into the queue with the transaction: it runs when that commits, and never if it does not. Retried with growing pauses. The more jobs of
 * `owner` wait already, an organization or an address, the later its turn: a thousand invitations of one keep no mail of another waiting.
 */
export async function addJob<Name extends keyof Jobs>(trx: Trx, name: Name, payload: Jobs[Name], owner: string): Promise<void> {
  await sql`select graphile_worker.add_job(${name}, ${JSON.stringify(payload)}::json, max_attempts := 12, flags := array[${owner}::text],
    priority := (select count(*)::int from (
      select from graphile_worker.jobs where flags ? ${owner} and attempts < max_attempts limit ${sql.lit(MANY)}
    ) waiting))`.execute(trx)
}

/** The name of the lease by which workers show that they live. */
export const workersOf = (id: string) => `workers ${id}`

/** Frees what is locked by workers without a lease since so many seconds, and forgets their leases. Answers how many jobs. */
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
