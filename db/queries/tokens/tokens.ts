import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import type { Role } from '../../schema.ts'
import { containing } from '../json.ts'

/** The live tokens of a project. */
export const tokens = (db: Database | Trx, projectId: string) =>
  db
    .selectFrom('project_tokens as t')
    .leftJoin('environments as e', (join) => join.onRef('e.project_id', '=', 't.project_id').onRef('e.id', '=', 't.env_id'))
    .select([
      't.id',
      't.name',
      't.token_prefix',
      't.role',
      't.env_id',
      'e.name as env_name',
      't.cell_scopes',
      't.verbs',
      't.expires_at',
      't.created_at',
      't.created_by',
      't.last_used_at',
      't.last_used_address',
      't.allowed_addresses',
      sql<boolean>`coalesce(t.expires_at <= now(), false)`.as('expired'),
      sql<boolean>`t.token_hash is null`.as('derived'),
    ])
    .where('t.project_id', '=', projectId)
    .where('t.revoked_at', 'is', null)

export function listTokens(
  db: Database | Trx,
  projectId: string,
  { q, after, limit }: { q: string | undefined; after: string | undefined; limit: number },
) {
  return tokens(db, projectId)
    .modifyFront(plannedWithValues)
    .$if(q !== undefined, (found) => found.where('t.name', 'ilike', containing(q!)))
    .$if(after !== undefined, (found) => found.where('t.id', '>', after!))
    .orderBy('t.id')
    .limit(limit + 1)
    .execute()
}

export function findToken(db: Database | Trx, projectId: string, id: string) {
  return tokens(db, projectId).where('t.id', '=', id).executeTakeFirst()
}

/** A live token of this name; names are unique only in the v1 API. */
export function findTokenByName(db: Database | Trx, projectId: string, name: string) {
  return tokens(db, projectId).where('t.name', '=', name).executeTakeFirst()
}

export async function updateToken(
  trx: Trx,
  projectId: string,
  id: string,
  patch: { name?: string; verbs?: string[]; expires_at?: string | null; allowed_addresses?: string[] },
): Promise<void> {
  if (Object.keys(patch).length === 0) return
  await trx.updateTable('project_tokens').set(patch).where('project_id', '=', projectId).where('id', '=', id).execute()
}

export type TokenRow = NonNullable<Awaited<ReturnType<typeof findToken>>>

export type NewToken = {
  id: string
  project_id: string
  name: string
  token_prefix: string
  /** Null where the text is derived from the ids. */
  token_hash: Buffer | null
  role: Role
  env_id: string | null
  cell_scopes: string[] | null
  verbs?: string[]
  expires_at: string | null
  /** Addresses and networks; empty means from anywhere. */
  allowed_addresses?: string[]
  created_by: string | null
  made_by?: string | null
}

export async function insertToken(trx: Trx, token: NewToken): Promise<void> {
  await trx.insertInto('project_tokens').values(token).execute()
}

export function revokeToken(trx: Trx, projectId: string, id: string) {
  return trx
    .updateTable('project_tokens')
    .set({ revoked_at: sql<string>`now()` })
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
}

/** Ends a token `seconds` from now, or at its own earlier end. */
export async function expireToken(trx: Trx, projectId: string, id: string, seconds: number): Promise<void> {
  await trx
    .updateTable('project_tokens')
    .set({ expires_at: sql<string>`least(expires_at, now() + make_interval(secs => ${seconds}))` })
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .execute()
}

const personal = (db: Database | Trx, userId: string, orgId: string) =>
  db
    .selectFrom('personal_tokens')
    .select([
      'id',
      'name',
      'token_prefix',
      'expires_at',
      'created_at',
      'last_used_at',
      'last_used_address',
      'allowed_addresses',
      sql<boolean>`coalesce(expires_at > now(), true)`.as('enabled'),
    ])
    .where('user_id', '=', userId)
    .where('org_id', '=', orgId)
    .where('revoked_at', 'is', null)

export function listPersonalTokens(
  db: Database | Trx,
  userId: string,
  orgId: string,
  { after, limit }: { after: string | undefined; limit: number },
) {
  return personal(db, userId, orgId)
    .modifyFront(plannedWithValues)
    .$if(after !== undefined, (q) => q.where('id', '>', after!))
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

export function getPersonalToken(db: Database | Trx, userId: string, orgId: string, id: string) {
  return personal(db, userId, orgId).where('id', '=', id).executeTakeFirstOrThrow()
}

/** Locked until the transaction ends. */
export function lockPersonalToken(trx: Trx, userId: string, orgId: string, id: string) {
  return personal(trx, userId, orgId).where('id', '=', id).forUpdate().executeTakeFirst()
}

export type PersonalTokenRow = Awaited<ReturnType<typeof getPersonalToken>>

export async function updatePersonalToken(
  trx: Trx,
  userId: string,
  orgId: string,
  id: string,
  patch: { name?: string; expires_at?: string | null; allowed_addresses?: string[] },
): Promise<void> {
  await trx
    .updateTable('personal_tokens')
    .set(patch)
    .where('user_id', '=', userId)
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .execute()
}

/** Undefined when it is revoked, another user's or another organization's. */
export const findPersonalToken = (db: Database | Trx, userId: string, orgId: string, id: string) =>
  personal(db, userId, orgId).where('id', '=', id).executeTakeFirst()

export type NewPersonalToken = {
  id: string
  user_id: string
  org_id: string | null
  name: string
  token_prefix: string
  token_hash: Buffer
  expires_at: string | null
  /** Addresses and networks; empty means from anywhere. */
  allowed_addresses?: string[]
}

export async function insertPersonalToken(db: Database | Trx, token: NewPersonalToken): Promise<void> {
  await db.insertInto('personal_tokens').values(token).execute()
}

export function revokePersonalToken(trx: Trx, userId: string, orgId: string, id: string) {
  return trx
    .updateTable('personal_tokens')
    .set({ revoked_at: sql<string>`now()` })
    .where('user_id', '=', userId)
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('name')
    .executeTakeFirst()
}
