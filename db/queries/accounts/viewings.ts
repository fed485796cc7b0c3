import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { preparedFirst } from '../../prepared.ts'

/** A user's access to a live project and its organization; no row for a user outside the organization. */
export const findStanding = preparedFirst((db, orgId: string, projectId: string, userId: string) =>
  db
    .selectFrom('projects as p')
    .innerJoin('organizations as o', 'o.id', 'p.org_id')
    .innerJoin('organization_members as om', (join) => join.onRef('om.org_id', '=', 'p.org_id').on('om.user_id', '=', userId))
    .innerJoin('users as u', 'u.id', 'om.user_id')
    .leftJoin('project_members as m', (join) =>
      join
        .onRef('m.project_id', '=', 'p.id')
        .onRef('m.user_id', '=', 'om.user_id')
        .on((eb) => eb.or([eb('m.expires_at', 'is', null), eb('m.expires_at', '>', sql<string>`now()`)])),
    )
    .select(['p.id', 'p.slug', 'p.name', 'p.org_id', 'o.slug as org_slug', 'om.role as org_role'])
    .select(['u.id as user_id', 'u.email', 'u.name as user_name'])
    .select(['m.role', 'm.env_id', 'm.cell_scopes', 'm.verbs', 'm.expires_at'])
    .where('p.org_id', '=', orgId)
    .where('p.id', '=', projectId)
    .where('p.deleted_at', 'is', null),
)

export type StandingRow = NonNullable<Awaited<ReturnType<typeof findStanding>>>

/** A session views one project at a time. Returns when the view ends. */
export async function setViewing(
  trx: Trx,
  viewing: { session_id: string; project_id: string; user_id: string },
  minutes: number,
): Promise<string> {
  const expires_at = sql<string>`now() + make_interval(mins => ${minutes})`
  const row = await trx
    .insertInto('viewings')
    .values({ ...viewing, expires_at })
    .onConflict((c) => c.column('session_id').doUpdateSet({ ...viewing, expires_at, created_at: sql<string>`now()` }))
    .returning('expires_at')
    .executeTakeFirstOrThrow()
  return row.expires_at
}

export async function deleteViewing(db: Database | Trx, sessionId: string): Promise<void> {
  await db.deleteFrom('viewings').where('session_id', '=', sessionId).execute()
}
