import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import { tokens } from '../tokens/tokens.ts'

/** The working project tokens that a person made. */
const made = (userId: string) =>
  sql`t.made_by = ${userId} and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())`

/**
 * The projects of an organization with such tokens, including deleted ones that can be restored, with the caller's access to
 * each. In the order in which they are locked.
 */
export function listProjectsOfMaker(db: Database | Trx, orgId: string, userId: string, callerId: string) {
  return db
    .selectFrom('projects as p')
    .modifyFront(plannedWithValues)
    .leftJoin('project_members as m', (join) =>
      join
        .onRef('m.project_id', '=', 'p.id')
        .on('m.user_id', '=', callerId)
        .on((eb) => eb.or([eb('m.expires_at', 'is', null), eb('m.expires_at', '>', sql<string>`now()`)])),
    )
    .select(['p.id', 'p.slug', 'p.name', 'p.deleted_at', 'm.role', 'm.env_id', 'm.cell_scopes', 'm.verbs', 'm.expires_at'])
    .where('p.org_id', '=', orgId)
    .where(sql<boolean>`exists (select from project_tokens t where t.project_id = p.id and ${made(userId)})`)
    .orderBy('p.id')
    .execute()
}

/** Such tokens of one project. */
export const listTokensOfMaker = (db: Database | Trx, projectId: string, userId: string, limit: number) =>
  tokens(db, projectId)
    .where(sql<boolean>`${made(userId)}`)
    .orderBy('t.id')
    .limit(limit)
    .execute()

export async function countTokensOfMaker(db: Database | Trx, projectIds: string[], userId: string): Promise<number> {
  const { n } = await db
    .selectFrom('project_tokens as t')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where(sql<boolean>`t.project_id = any(${projectIds}::uuid[]) and ${made(userId)}`)
    .executeTakeFirstOrThrow()
  return n
}

/** The same for each project and role. */
export const countTokensOfMakerByRole = (db: Database | Trx, projectIds: string[], userId: string) =>
  db
    .selectFrom('project_tokens as t')
    .select((eb) => ['t.project_id', 't.role', eb.fn.countAll<number>().as('n')])
    .where(sql<boolean>`t.project_id = any(${projectIds}::uuid[]) and ${made(userId)}`)
    .groupBy(['t.project_id', 't.role'])
    .execute()

export async function revokeTokens(trx: Trx, projectId: string, ids: string[]): Promise<void> {
  await trx
    .updateTable('project_tokens')
    .set({ revoked_at: sql<string>`now()` })
    .where('project_id', '=', projectId)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .execute()
}

/** The webhooks that a person made; for one project, those that name it. In the order in which they are locked. */
const webhooksOf = (db: Database | Trx, orgId: string, userId: string, projectId: string | null) =>
  db
    .selectFrom('webhooks')
    .select('id')
    .where('org_id', '=', orgId)
    .where('made_by', '=', userId)
    .$if(projectId !== null, (q) => q.where(sql<boolean>`${projectId}::uuid = any(project_ids)`))
    .orderBy('id')

const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)

export const listWebhooksOfMaker = async (db: Database | Trx, orgId: string, userId: string, projectId: string | null) =>
  idsOf(await webhooksOf(db, orgId, userId, projectId).execute())

/** The same, locked before the transaction queues anything for them. */
export const lockWebhooksOfMaker = async (trx: Trx, orgId: string, userId: string, projectId: string | null) =>
  idsOf(await webhooksOf(trx, orgId, userId, projectId).forUpdate().execute())
