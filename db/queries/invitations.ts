import { sql } from 'kysely'
import type { Database, Trx } from '../client.ts'
import type { Role } from '../schema.ts'

export type NewInvitation = {
  id: string
  org_id: string
  email: string
  role: Role
  invited_by: string | null
  redirect_uri: string | null
  days: number
}

export type InvitedProject = { invitation_id: string; project_id: string; role: Role; verbs: string[] }

export async function insertInvitation(trx: Trx, { days, ...invitation }: NewInvitation): Promise<void> {
  await trx
    .insertInto('invitations')
    .values({ ...invitation, expires_at: sql<string>`now() + make_interval(days => ${days})` })
    .execute()
}

export async function insertInvitedProject(trx: Trx, project: InvitedProject): Promise<void> {
  await trx.insertInto('invitation_projects').values(project).execute()
}

/** A new invitation to a project takes the place of those that the same person still has to it. */
export async function revokeInvitationsTo(trx: Trx, projectId: string, email: string): Promise<void> {
  await trx
    .updateTable('invitations as i')
    .set({ revoked_at: sql<string>`now()` })
    .where('i.email', '=', email)
    .where('i.accepted_at', 'is', null)
    .where('i.revoked_at', 'is', null)
    .where(({ exists, selectFrom, ref }) =>
      exists(
        selectFrom('invitation_projects as p')
          .select('p.project_id')
          .where('p.invitation_id', '=', ref('i.id'))
          .where('p.project_id', '=', projectId),
      ),
    )
    .execute()
}

const invitations = (db: Database | Trx, id: string) =>
  db
    .selectFrom('invitations as i')
    .innerJoin('organizations as o', 'o.id', 'i.org_id')
    .leftJoin('users as u', 'u.id', 'i.invited_by')
    .select(['i.id', 'i.org_id', 'o.name as org_name', 'i.email', 'i.role', 'i.redirect_uri', 'u.name as invited_by_name'])
    .select((eb) => [
      eb('i.accepted_at', 'is not', null).$castTo<boolean>().as('accepted'),
      eb('i.revoked_at', 'is not', null).$castTo<boolean>().as('revoked'),
      sql<boolean>`i.expires_at <= now()`.as('expired'),
      'i.expires_at',
    ])
    .where('i.id', '=', id)

export const findInvitation = (db: Database | Trx, id: string) => invitations(db, id).executeTakeFirst()

/** One transaction at a time decides what becomes of it. */
export const lockInvitation = (trx: Trx, id: string) => invitations(trx, id).forUpdate('i').executeTakeFirst()

/** The live projects that an invitation leads to. */
export function listInvitedProjects(db: Database | Trx, invitationId: string) {
  return db
    .selectFrom('invitation_projects as ip')
    .innerJoin('projects as p', 'p.id', 'ip.project_id')
    .select(['ip.project_id', 'p.name', 'p.slug', 'ip.role', 'ip.env_id', 'ip.cell_scopes', 'ip.verbs'])
    .where('ip.invitation_id', '=', invitationId)
    .where('p.deleted_at', 'is', null)
    .orderBy('ip.project_id')
    .execute()
}

export async function markAccepted(trx: Trx, id: string): Promise<void> {
  await trx
    .updateTable('invitations')
    .set({ accepted_at: sql<string>`now()` })
    .where('id', '=', id)
    .execute()
}
