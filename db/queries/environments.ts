import { sql } from 'kysely'
import type { Database, Trx } from '../client.ts'

const columns = ['id', 'name', 'is_default', 'created_at'] as const

export function listEnvironments(
  db: Database | Trx,
  projectId: string,
  { only, after, limit }: { only: string | null; after: string | undefined; limit: number },
) {
  return db
    .selectFrom('environments')
    .select(columns)
    .where('project_id', '=', projectId)
    .$if(only !== null, (q) => q.where('id', '=', only!))
    .$if(after !== undefined, (q) => q.where('id', '>', after!))
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

export function findEnvironment(db: Database | Trx, projectId: string, name: string) {
  return db
    .selectFrom('environments')
    .select(columns)
    .where('project_id', '=', projectId)
    .where('name', '=', name)
    .executeTakeFirst()
}

export function findEnvironmentById(db: Database | Trx, projectId: string, id: string) {
  return db.selectFrom('environments').select(columns).where('project_id', '=', projectId).where('id', '=', id).executeTakeFirst()
}

/** Undefined when the name is taken. */
export function insertEnvironment(trx: Trx, environment: { id: string; project_id: string; name: string; is_default?: boolean }) {
  return trx
    .insertInto('environments')
    .values(environment)
    .onConflict((c) => c.columns(['project_id', 'name']).doNothing())
    .returning(columns)
    .executeTakeFirst()
}

/** With its revoked tokens, which alone may still point at it; the audit log remembers them. */
export async function deleteEnvironment(trx: Trx, projectId: string, id: string): Promise<void> {
  await trx
    .deleteFrom('project_tokens')
    .where('project_id', '=', projectId)
    .where('env_id', '=', id)
    .where('revoked_at', 'is not', null)
    .execute()
  await trx.deleteFrom('environments').where('project_id', '=', projectId).where('id', '=', id).execute()
}

/** What still points at an environment: entities and values of secrets, live and wiped, members and tokens confined to it. */
export async function countEnvironmentUses(trx: Trx, projectId: string, generation: number, envId: string) {
  const { rows } = await sql<{ entities: number; secrets: number; wiped: number; members: number; tokens: number }>`
    select
      (select count(*) from entities where project_id = ${projectId} and env_id = ${envId} and generation = ${generation}) as entities,
      (select count(*) from secret_values where project_id = ${projectId} and env_id = ${envId} and generation = ${generation}) as secrets,
      (select count(*) from entities where project_id = ${projectId} and env_id = ${envId} and generation <> ${generation})
        + (select count(*) from secret_values where project_id = ${projectId} and env_id = ${envId} and generation <> ${generation}) as wiped,
      (select count(*) from project_members where project_id = ${projectId} and env_id = ${envId}) as members,
      (select count(*) from project_tokens where project_id = ${projectId} and env_id = ${envId} and revoked_at is null) as tokens`.execute(
    trx,
  )
  return rows[0]!
}
