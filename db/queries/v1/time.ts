import { sql } from 'kysely'
import type { Trx } from '../../client.ts'

/** When this transaction began, in microseconds. */
export async function transactionTime(trx: Trx): Promise<string> {
  const { rows } = await sql<{ at: string }>`select now() as at`.execute(trx)
  return rows[0]!.at
}
