import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'

const shown = ['id', 'name', 'created_at', 'last_used_at'] as const

export function listPasskeys(db: Database | Trx, userId: string) {
  return db
    .selectFrom('passkeys')
    .select([...shown, 'credential_id', 'transports'])
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute()
}

export type PasskeyRow = Pick<Awaited<ReturnType<typeof listPasskeys>>[number], (typeof shown)[number]>

/** The passkey with its owner, locked until the transaction ends, so that its counter is compared and set atomically. */
export function lockPasskey(trx: Trx, credentialId: string) {
  return trx
    .selectFrom('passkeys as k')
    .innerJoin('users as u', 'u.id', 'k.user_id')
    .select(['k.id', 'k.credential_id', 'k.public_key', 'k.counter', 'k.transports'])
    .select(['u.id as user_id', 'u.email', 'u.name', 'u.avatar_url'])
    .where('k.credential_id', '=', credentialId)
    .forUpdate('k')
    .executeTakeFirst()
}

export async function findPasskeyOwner(trx: Trx, credentialId: string): Promise<string | undefined> {
  const found = await trx.selectFrom('passkeys').select('user_id').where('credential_id', '=', credentialId).executeTakeFirst()
  return found?.user_id
}

type NewPasskey = {
  id: string
  user_id: string
  name: string
  credential_id: string
  public_key: Buffer
  counter: number
  transports: string[]
}

/** Undefined when this credential is registered already, for anyone. */
export function insertPasskey(trx: Trx, passkey: NewPasskey) {
  return trx
    .insertInto('passkeys')
    .values(passkey)
    .onConflict((c) => c.column('credential_id').doNothing())
    .returning(shown)
    .executeTakeFirst()
}

export async function touchPasskey(trx: Trx, id: string, counter: number): Promise<void> {
  await trx
    .updateTable('passkeys')
    .set({ counter, last_used_at: sql<string>`now()` })
    .where('id', '=', id)
    .execute()
}

/** Locked until the transaction ends; undefined when this person has no such passkey. */
export function lockPasskeyOf(trx: Trx, userId: string, id: string) {
  return trx
    .selectFrom('passkeys')
    .select(shown)
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export async function renamePasskey(trx: Trx, userId: string, id: string, name: string): Promise<void> {
  await trx.updateTable('passkeys').set({ name }).where('user_id', '=', userId).where('id', '=', id).execute()
}

export async function deletePasskey(trx: Trx, userId: string, id: string): Promise<void> {
  await trx.deleteFrom('passkeys').where('user_id', '=', userId).where('id', '=', id).execute()
}

export async function deletePasskeysOf(trx: Trx, userId: string): Promise<number> {
  return (await trx.deleteFrom('passkeys').where('user_id', '=', userId).returning('id').execute()).length
}
