import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import type { Role } from '../../schema.ts'

export type NewInvitation = {
  id: string
  org_id: string
  email: string
  role: Role
  invited_by: string | null
  invited_by_token?: string | null
  redirect_uri: string | null
  to_organization?: boolean
  days: number
}

export type InvitedProject = {
  invitation_id: string
  project_id: string
  role: Role
  env_id?: string | null
  cell_scopes?: string[] | null
  verbs?: string[]
  expires_at?: string | null
}

export async function insertInvitation(trx: Trx, { days, ...invitation }: NewInvitation): Promise<void> {
  await trx
    .insertInto('invitations')
    .values({ ...invitation, expires_at: sql<string>`now() + make_interval(days => ${days})` })
    .execute()
}

export async function insertInvitedProject(trx: Trx, project: InvitedProject): Promise<void> {
  await trx.insertInto('invitation_projects').values(project).execute()
}

/** A new invitation to a project replaces the same person's open ones to it. */
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

/** The organization's invitations to this address that can still be accepted. */
const open = (trx: Trx, orgId: string, email: string) =>
  trx
    .updateTable('invitations as i')
    .set({ revoked_at: sql<string>`now()` })
    .where('i.org_id', '=', orgId)
    .where('i.email', '=', email)
    .where('i.accepted_at', 'is', null)
    .where('i.revoked_at', 'is', null)
    .returning('i.id')

/** A newer invitation replaces those that grant nothing beyond it. */
export function revokeReplaced(trx: Trx, orgId: string, email: string, projectIds: string[]) {
  return open(trx, orgId, email)
    .where(({ not, exists, selectFrom, ref }) =>
      not(
        exists(
          selectFrom('invitation_projects as p')
            .select('p.project_id')
            .where('p.invitation_id', '=', ref('i.id'))
            .where(sql<boolean>`p.project_id <> all(${projectIds}::uuid[])`),
        ),
      ),
    )
    .execute()
}

/** A person who leaves an organization must not come back through an earlier invitation. */
export const revokeInvitationsOf = (trx: Trx, orgId: string, email: string) => open(trx, orgId, email).execute()

/** Revokes the open invitations that a person sent in an organization, because they know the links. */
export function revokeInvitationsBy(trx: Trx, orgId: string, userId: string) {
  return trx
    .updateTable('invitations')
    .set({ revoked_at: sql<string>`now()` })
    .where('org_id', '=', orgId)
    .where('invited_by', '=', userId)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .returning(['id', 'email'])
    .execute()
}

const invitations = (db: Database | Trx) =>
  db
    .selectFrom('invitations as i')
    .innerJoin('organizations as o', 'o.id', 'i.org_id')
    .leftJoin('users as u', 'u.id', 'i.invited_by')
    .select(['i.id', 'i.org_id', 'o.name as org_name', 'o.slug as org_slug', 'i.email', 'i.role', 'i.redirect_uri'])
    .select([
      'i.invited_by',
      'i.invited_by_token',
      'u.name as invited_by_name',
      'i.to_organization',
      'i.expires_at',
      'i.created_at',
      'i.mail_failed_at',
      'i.mail_failure',
    ])
    .select((eb) => [
      eb('i.accepted_at', 'is not', null).$castTo<boolean>().as('accepted'),
      eb('i.revoked_at', 'is not', null).$castTo<boolean>().as('revoked'),
      sql<boolean>`i.expires_at <= now()`.as('expired'),
    ])

/** From any organization, for the holder of its link, which is signed over the id. */
export const findInvitation = (db: Database | Trx, id: string) => invitations(db).where('i.id', '=', id).executeTakeFirst()

export const findInvitationOf = (db: Database | Trx, orgId: string, id: string) =>
  invitations(db).where('i.org_id', '=', orgId).where('i.id', '=', id).executeTakeFirst()

export type InvitationRow = NonNullable<Awaited<ReturnType<typeof findInvitation>>>

/** Locks the invitation: one transaction at a time decides about it. */
export const lockInvitation = (trx: Trx, orgId: string, id: string) =>
  invitations(trx).where('i.org_id', '=', orgId).where('i.id', '=', id).forUpdate('i').executeTakeFirst()

const inState = {
  pending: sql<boolean>`i.accepted_at is null and i.revoked_at is null and i.expires_at > now()`,
  expired: sql<boolean>`i.accepted_at is null and i.revoked_at is null and i.expires_at <= now()`,
  accepted: sql<boolean>`i.accepted_at is not null`,
  revoked: sql<boolean>`i.accepted_at is null and i.revoked_at is not null`,
  open: sql<boolean>`i.accepted_at is null and i.revoked_at is null`,
} as const

export type InvitationPage = {
  state: Exclude<keyof typeof inState, 'open'> | undefined
  address?: string | undefined
  after: string | undefined
  limit: number
}

/** An organization's invitations; without a state, the open ones. */
export function listInvitations(db: Database | Trx, orgId: string, { state, address, after, limit }: InvitationPage) {
  return invitations(db)
    .modifyFront(plannedWithValues)
    .where('i.org_id', '=', orgId)
    .where(inState[state ?? 'open'])
    .$if(address !== undefined, (q) => q.where('i.email', '=', address!))
    .$if(after !== undefined, (q) => q.where('i.id', '>', after!))
    .orderBy('i.id')
    .limit(limit + 1)
    .execute()
}

const invitedProjects = (db: Database | Trx, orgId: string) =>
  db
    .selectFrom('invitation_projects as ip')
    .innerJoin('projects as p', 'p.id', 'ip.project_id')
    .leftJoin('environments as e', (join) => join.onRef('e.project_id', '=', 'ip.project_id').onRef('e.id', '=', 'ip.env_id'))
    .select(['ip.invitation_id', 'ip.project_id', 'p.name', 'p.slug', 'ip.role', 'ip.env_id', 'e.name as env_name'])
    .select(['ip.cell_scopes', 'ip.verbs', 'ip.expires_at'])
    .where('p.org_id', '=', orgId)
    .where('p.deleted_at', 'is', null)
    .orderBy('ip.project_id')

export type InvitedProjectRow = Awaited<ReturnType<typeof listInvitedProjects>>[number]

/** The live projects that an invitation leads to. */
export const listInvitedProjects = (db: Database | Trx, orgId: string, invitationId: string) =>
  invitedProjects(db, orgId).where('ip.invitation_id', '=', invitationId).execute()

/** The same for several invitations. */
export const listProjectsOfInvitations = (db: Database | Trx, orgId: string, invitationIds: string[]) =>
  invitedProjects(db, orgId)
    .where(sql<boolean>`ip.invitation_id = any(${invitationIds}::uuid[])`)
    .execute()

/** What the mail server said when the mail failed; null forgets it. */
export async function setMailFailure(db: Database, orgId: string, id: string, failure: string | null): Promise<void> {
  await db
    .updateTable('invitations')
    .set({ mail_failed_at: failure === null ? null : sql<string>`now()`, mail_failure: failure })
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .$if(failure === null, (q) => q.where('mail_failed_at', 'is not', null))
    .execute()
}

/** Whoever resends it becomes its sender. Its mail has not failed yet. */
export async function extendInvitation(trx: Trx, orgId: string, id: string, userId: string, days: number): Promise<void> {
  await trx
    .updateTable('invitations')
    .set({ invited_by: userId, invited_by_token: null })
    .set({ expires_at: sql<string>`now() + make_interval(days => ${days})` })
    .set({ mail_failed_at: null, mail_failure: null })
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .execute()
}

export async function revokeInvitation(trx: Trx, orgId: string, id: string): Promise<void> {
  await trx
    .updateTable('invitations')
    .set({ revoked_at: sql<string>`now()` })
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .execute()
}

export async function markAccepted(trx: Trx, orgId: string, id: string): Promise<void> {
  await trx
    .updateTable('invitations')
    .set({ accepted_at: sql<string>`now()` })
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .execute()
}
