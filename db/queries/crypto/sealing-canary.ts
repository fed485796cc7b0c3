import { sql } from 'kysely'
import type { Database } from '../../client.ts'

/** Undefined where there is none yet, or not even its table. */
export async function findCanary(db: Database) {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('sealing_canary') is not null as there`.execute(db)
  if (!rows[0]?.there) return undefined
  return db.selectFrom('sealing_canary').select(['sealed_by', 'sealed']).executeTakeFirst()
}

type Canary = { sealed_by: string; sealed: Buffer }

/** Keeps an existing one. */
export async function insertCanary(db: Database, canary: Canary): Promise<void> {
  await db
    .insertInto('sealing_canary')
    .values(canary)
    .onConflict((c) => c.doNothing())
    .execute()
}

export async function replaceCanary(db: Database, canary: Canary): Promise<void> {
  await db
    .insertInto('sealing_canary')
    .values(canary)
    .onConflict((c) => c.column('only_one').doUpdateSet(canary))
    .execute()
}

/** The ids of the keys that encrypt anything in this database; for secret values, which may be many, a sample. */
export async function listKeysInUse(db: Database) {
  const { rows } = await sql<{ purpose: 'secret-values' | 'totp' | 'webhook-secrets' | 'audit-chain'; key_id: string }>`
    select distinct 'secret-values' as purpose, key_id from (select key_id from secret_values limit 1000) v
    union select 'totp', key_id from totp_factors
    union select 'webhook-secrets', sealed_by from webhooks
    union select 'audit-chain', key_id from audit_chains where key_id is not null`.execute(db)
  return rows
}
