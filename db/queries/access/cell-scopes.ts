import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'

/** Something limited to cells; `n` is the number of its kind. */
export type Limited = { kind: 'member' | 'token' | 'invitation'; id: string; name: string; n: number }

/**
 * The unexpired members, tokens and open invitations of a project that are limited to any of these cells: the first few of each
 * kind, by name. In one statement, so that an invitation being accepted counts as exactly one of them.
 */
export async function listLimitedTo(
  db: Database | Trx,
  orgId: string,
  projectId: string,
  cells: string[],
  most: number,
): Promise<Limited[]> {
  const { rows } = await sql<Limited>`
    with limited (place, kind, id, name) as (
      select 1, 'member', m.user_id, u.email from project_members m join users u on u.id = m.user_id
        where m.project_id = ${projectId} and m.cell_scopes && ${cells}::text[] and (m.expires_at is null or m.expires_at > now())
      union all
      select 2, 'token', t.id, t.name from project_tokens t
        where t.project_id = ${projectId} and t.cell_scopes && ${cells}::text[] and t.revoked_at is null
          and (t.expires_at is null or t.expires_at > now())
      union all
      select 3, 'invitation', i.id, i.email from invitation_projects p join invitations i on i.id = p.invitation_id
        where p.project_id = ${projectId} and p.cell_scopes && ${cells}::text[] and i.org_id = ${orgId}
          and i.accepted_at is null and i.revoked_at is null and i.expires_at > now() and (p.expires_at is null or p.expires_at > now())
    ), ranked as (
      select *, count(*) over (partition by place) as n, row_number() over (partition by place order by name, id) as rank from limited
    )
    select kind, id, name, n from ranked where rank <= ${most} order by place, rank`.execute(db)
  return rows
}
