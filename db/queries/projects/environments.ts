import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'

export const environmentColumns = ['id', 'name', 'is_default', 'created_at', 'updated_at'] as const
const columns = environmentColumns

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

/** Undefined when the name is taken. Call it under the project's lock. */
export async function renameEnvironment(trx: Trx, projectId: string, id: string, name: string) {
  const existing = await findEnvironment(trx, projectId, name)
  if (existing) return undefined
  return trx
    .updateTable('environments')
    .set({ name, updated_at: sql<string>`statement_timestamp()` })
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow()
}

/** Also deletes its revoked tokens, the only rows that may still refer to it; the audit log keeps a record of them. */
export async function deleteEnvironment(trx: Trx, projectId: string, id: string): Promise<void> {
  await trx
    .deleteFrom('project_tokens')
    .where('project_id', '=', projectId)
    .where('env_id', '=', id)
    .where('revoked_at', 'is not', null)
    .execute()
  await trx.deleteFrom('environments').where('project_id', '=', projectId).where('id', '=', id).execute()
}

/**
 * What still refers to an environment: entities, secret values, agents and core instances, live and wiped, and members and tokens
 * limited to it.
 */
export async function countEnvironmentUses(trx: Trx, projectId: string, generation: number, envId: string) {
  const live = (table: string) =>
    sql`(select count(*) from ${sql.table(table)} where project_id = ${projectId} and env_id = ${envId} and generation = ${generation})`
  const dead = (table: string) =>
    sql`(select count(*) from ${sql.table(table)} where project_id = ${projectId} and env_id = ${envId} and generation <> ${generation})`
  type Uses = Record<'entities' | 'secrets' | 'agents' | 'core_instances' | 'wiped' | 'members' | 'tokens', number>
  const { rows } = await sql<Uses>`
    select
      ${live('entities')} as entities,
      ${live('secret_values')} as secrets,
      ${live('agents')} as agents,
      ${live('core_instances')} as core_instances,
      ${dead('entities')} + ${dead('secret_values')} + ${dead('agents')} + ${dead('core_instances')} as wiped,
      (select count(*) from project_members where project_id = ${projectId} and env_id = ${envId}) as members,
      (select count(*) from project_tokens where project_id = ${projectId} and env_id = ${envId} and revoked_at is null) as tokens`.execute(
    trx,
  )
  return rows[0]!
}
