import { sql } from 'kysely'
import type { Trx } from '../client.ts'
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

/** Puts a job into the queue with the transaction: it runs when that commits, and never if it does not. Retried with growing pauses. */
export async function addJob<Name extends keyof Jobs>(trx: Trx, name: Name, payload: Jobs[Name]): Promise<void> {
  await sql`select graphile_worker.add_job(${name}, ${JSON.stringify(payload)}::json, max_attempts := 12)`.execute(trx)
}
