import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { preparedFirst } from '../../prepared.ts'
import { tokensAreOn } from '../restore-holds.ts'

const now = sql<string>`now()`

/** The live session with its user, and the project it views as another person. */
export const findSession = preparedFirst((db, sessionId: string) =>
  db
    .selectFrom('sessions as s')
    .innerJoin('users as u', 'u.id', 's.user_id')
    .leftJoin('viewings as v', (join) => join.onRef('v.session_id', '=', 's.id').on('v.expires_at', '>', now))
    .leftJoin('projects as p', 'p.id', 'v.project_id')
    .select(['s.id', 's.authenticated_at', 's.last_seen_at', 'u.id as user_id', 'u.email', 'u.name', 'u.avatar_url'])
    .select([
      'v.project_id as viewed_project',
      'p.org_id as viewed_org',
      'v.user_id as viewed_user',
      'v.expires_at as viewing_until',
    ])
    .where('s.id', '=', sessionId)
    .where('s.expires_at', '>', now),
)

/**
 * A personal token that is neither revoked nor expired, with its user. One for a single organization ends with the membership.
 */
export const findPersonalToken = preparedFirst((db, hash: Buffer) =>
  db
    .selectFrom('personal_tokens as t')
    .innerJoin('users as u', 'u.id', 't.user_id')
    .select(['t.id', 't.org_id', 't.created_at', 't.expires_at', 't.last_used_at', 't.allowed_addresses'])
    .select(['u.id as user_id', 'u.email', 'u.name', 'u.avatar_url'])
    .where('t.token_hash', '=', hash)
    .where('t.revoked_at', 'is', null)
    .where(tokensAreOn)
    .where((eb) => eb.or([eb('t.expires_at', 'is', null), eb('t.expires_at', '>', now)])),
)

/** Whether a personal token is still not revoked. */
export async function isLivePersonalToken(db: Database | Trx, orgId: string | null, id: string): Promise<boolean> {
  const found = await db
    .selectFrom('personal_tokens')
    .select('id')
    .where('org_id', 'is not distinct from', orgId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return found !== undefined
}

const projectTokens = (db: Database | Trx) =>
  db
    .selectFrom('project_tokens as t')
    .innerJoin('projects as p', 'p.id', 't.project_id')
    .select([
      't.id',
      't.name',
      't.role',
      't.env_id',
      't.cell_scopes',
      't.verbs',
      't.expires_at',
      't.last_used_at',
      't.allowed_addresses',
      't.made_by',
      'p.id as project_id',
      'p.org_id',
    ])
    .where('t.revoked_at', 'is', null)
    .where('p.deleted_at', 'is', null)
    .where(tokensAreOn)
    .where((eb) => eb.or([eb('t.expires_at', 'is', null), eb('t.expires_at', '>', now)]))

/** A project token that is neither revoked nor expired, of a project that is not deleted. */
export const findProjectToken = preparedFirst((db, hash: Buffer) => projectTokens(db).where('t.token_hash', '=', hash))

/** The same for a token whose text is derived from its ids. */
export const findDerivedToken = preparedFirst((db, projectId: string, id: string) =>
  projectTokens(db).where('t.project_id', '=', projectId).where('t.id', '=', id).where('t.token_hash', 'is', null),
)

const minuteAgo = sql<string>`now() - interval '1 minute'`

/** Records the use of a credential, at most once a minute. */
export async function touchProjectToken(
  db: Database | Trx,
  projectId: string,
  id: string,
  address: string | null,
): Promise<void> {
  await db
    .updateTable('project_tokens')
    .set({ last_used_at: now, last_used_address: address })
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', minuteAgo)]))
    .execute()
}

export async function touchPersonalToken(
  db: Database | Trx,
  orgId: string | null,
  id: string,
  address: string | null,
): Promise<void> {
  await db
    .updateTable('personal_tokens')
    .set({ last_used_at: now, last_used_address: address })
    .where('org_id', 'is not distinct from', orgId)
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', minuteAgo)]))
    .execute()
}

export async function touchSession(db: Database | Trx, id: string): Promise<void> {
  await db.updateTable('sessions').set({ last_seen_at: now }).where('id', '=', id).where('last_seen_at', '<', minuteAgo).execute()
}
