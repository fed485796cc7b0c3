import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { json } from '../json.ts'
import { type Generation, countingDelete, countingInsert } from '../project-rows.ts'
import { type PageByName, pageByName } from './by-name.ts'

const at = (db: Database | Trx, { projectId, generation }: Generation, envId: string) =>
  db
    .selectFrom('secrets as s')
    .leftJoin('secret_values as v', (join) =>
      join
        .onRef('v.project_id', '=', 's.project_id')
        .onRef('v.generation', '=', 's.generation')
        .onRef('v.secret', '=', 's.name')
        .on('v.env_id', '=', envId),
    )
    .select(['s.name', 's.description', 's.created_at', 's.updated_at', 'v.updated_at as value_set_at'])
    .where('s.project_id', '=', projectId)
    .where('s.generation', '=', generation)

export const listSecrets = (db: Database | Trx, where: Generation, envId: string, page: PageByName) =>
  pageByName(at(db, where, envId), 's', page)

export function findSecret(db: Database | Trx, where: Generation, envId: string, name: string) {
  return at(db, where, envId).where('s.name', '=', name).executeTakeFirst()
}

export type SecretRow = NonNullable<Awaited<ReturnType<typeof findSecret>>>

/** The slots without their values. */
export function listSecretSlots(db: Database | Trx, { projectId, generation }: Generation) {
  return db
    .selectFrom('secrets')
    .select(['name', 'description', 'created_at', 'updated_at'])
    .where('project_id', '=', projectId)
    .where('generation', '=', generation)
    .orderBy('name')
    .execute()
}

/**
 * Upserts any number of slots in one statement; only the description of an existing one changes. Returns the names of the new
 * ones.
 */
export async function upsertSecrets(
  trx: Trx,
  where: Generation,
  secrets: { name: string; description: string }[],
): Promise<string[]> {
  const incoming = sql`jsonb_to_recordset(${json(secrets)}) as r (name text, description text)`
  await sql`update secrets s set description = r.description, updated_at = statement_timestamp() from ${incoming}
    where s.project_id = ${where.projectId} and s.generation = ${where.generation} and s.name = r.name
      and s.description <> r.description`.execute(trx)
  const rows = await countingInsert<{ name: string }>(
    trx,
    where,
    'secrets',
    sql`insert into secrets (project_id, generation, name, description)
      select ${where.projectId}::uuid, ${where.generation}::int, r.name, r.description from ${incoming} on conflict do nothing returning name`,
  )
  return rows.map((row) => row.name)
}

/** Deletes slots with their values in every environment. */
export async function deleteSecrets(trx: Trx, where: Generation, names: string[]): Promise<void> {
  const key = sql`project_id = ${where.projectId} and generation = ${where.generation}`
  await countingDelete(
    trx,
    where,
    'secret_values',
    sql`delete from secret_values where ${key} and secret = any(${names}::text[]) returning secret`,
  )
  await countingDelete(
    trx,
    where,
    'secrets',
    sql`delete from secrets where ${key} and name = any(${names}::text[]) returning name`,
  )
}

type SealedKey = { project_id: string; generation: number; secret: string; env_id: string }
export type SealedValue = { secret: string; env_id: string; key_id: string; sealed: Buffer }

export async function setSecretValue(trx: Trx, where: Generation, value: SealedValue): Promise<void> {
  const { projectId, generation } = where
  const updated = await trx
    .updateTable('secret_values')
    .set({ key_id: value.key_id, sealed: value.sealed, updated_at: sql<string>`statement_timestamp()` })
    .where('project_id', '=', projectId)
    .where('generation', '=', generation)
    .where('secret', '=', value.secret)
    .where('env_id', '=', value.env_id)
    .executeTakeFirst()
  if (updated.numUpdatedRows > 0n) return
  await countingInsert(
    trx,
    where,
    'secret_values',
    sql`insert into secret_values (project_id, generation, secret, env_id, key_id, sealed)
      values (${projectId}, ${generation}, ${value.secret}, ${value.env_id}, ${value.key_id}, ${value.sealed}) returning secret`,
  )
}

export async function deleteSecretValue(trx: Trx, where: Generation, secret: string, envId: string): Promise<boolean> {
  const rows = await countingDelete(
    trx,
    where,
    'secret_values',
    sql`delete from secret_values where project_id = ${where.projectId} and generation = ${where.generation} and secret = ${secret}
      and env_id = ${envId} returning secret`,
  )
  return rows.length === 1
}

/** Values encrypted under one of these keys, in all projects and generations, ordered by primary key, for rotating the key. */
export function listValuesSealedBy(db: Database, keyIds: string[], after: SealedKey | undefined, limit: number) {
  return db
    .selectFrom('secret_values')
    .select(['project_id', 'generation', 'secret', 'env_id', 'key_id', 'sealed'])
    .where(sql<boolean>`key_id = any(${keyIds}::text[])`)
    .$if(after !== undefined, (q) =>
      q.where(
        sql<boolean>`(project_id, generation, secret, env_id)
          > (${after!.project_id}::uuid, ${after!.generation}::int, ${after!.secret}::text, ${after!.env_id}::uuid)`,
      ),
    )
    .orderBy('project_id')
    .orderBy('generation')
    .orderBy('secret')
    .orderBy('env_id')
    .limit(limit)
    .execute()
}

export type SealedRow = Awaited<ReturnType<typeof listValuesSealedBy>>[number]

export async function countValuesNotSealedBy(db: Database, keyId: string): Promise<number> {
  const row = await db
    .selectFrom('secret_values')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('key_id', '<>', keyId)
    .executeTakeFirstOrThrow()
  return row.n
}

/** Replaces an encrypted value unless it was set again meanwhile. */
export async function resealValue(
  db: Database,
  where: Generation,
  old: SealedValue,
  keyId: string,
  sealed: Buffer,
): Promise<void> {
  await db
    .updateTable('secret_values')
    .set({ key_id: keyId, sealed })
    .where('project_id', '=', where.projectId)
    .where('generation', '=', where.generation)
    .where('secret', '=', old.secret)
    .where('env_id', '=', old.env_id)
    .where('sealed', '=', old.sealed)
    .execute()
}
