import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import type { Role } from '../../schema.ts'
import { plannedWithValues } from '../../prepared.ts'
import { type PersonPart, containing } from '../json.ts'

/** When a member was last active: in a browser, or with a personal token that works in this organization. */
const lastSeen = sql<string | null>`greatest(
  (select u.last_signed_in_at from users u where u.id = m.user_id),
  (select max(s.last_seen_at) from sessions s where s.user_id = m.user_id),
  (select max(t.last_used_at) from personal_tokens t where t.user_id = m.user_id and (t.org_id = m.org_id or t.org_id is null))
)`

/** Whether signing in needs more than a password. */
const hasFactor = sql<boolean>`(exists (select from totp_factors f where f.user_id = m.user_id and f.confirmed_at is not null)
  or exists (select from passkeys k where k.user_id = m.user_id))`

/** The same two conditions apart: a join, or none, with the few who have a factor leading. */
const withFactor = sql<boolean>`m.user_id in (select f.user_id from totp_factors f where f.confirmed_at is not null
  union all select k.user_id from passkeys k)`
const withoutFactor = sql<boolean>`not exists (select from totp_factors f where f.user_id = m.user_id and f.confirmed_at is not null)
  and not exists (select from passkeys k where k.user_id = m.user_id)`

const people = (db: Database | Trx, orgId: string) =>
  db
    .selectFrom('organization_members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select(['m.user_id', 'u.email', 'u.name', 'u.avatar_url', 'u.email_verified_at', 'm.role', 'm.created_at', 'm.updated_at'])
    .select([lastSeen.as('last_seen_at'), hasFactor.as('has_factor')])
    .where('m.org_id', '=', orgId)

export type PeoplePage = {
  q: PersonPart | undefined
  role: Role | undefined
  factor: boolean | undefined
  after: string | undefined
  limit: number
}

export function listOrganizationMembers(db: Database | Trx, orgId: string, { q, role, factor, after, limit }: PeoplePage) {
  return people(db, orgId)
    .modifyFront(plannedWithValues)
    .$if(q !== undefined, (query) =>
      query.where((eb) => eb.or([eb('u.name', 'ilike', containing(q!.name)), eb('u.email', 'ilike', containing(q!.address))])),
    )
    .$if(role !== undefined, (query) => query.where('m.role', '=', role!))
    .$if(factor !== undefined, (query) => query.where(factor ? withFactor : withoutFactor))
    .$if(after !== undefined, (query) => query.where('m.user_id', '>', after!))
    .orderBy('m.user_id')
    .limit(limit + 1)
    .execute()
}

export function findPerson(db: Database | Trx, orgId: string, userId: string) {
  return people(db, orgId).where('m.user_id', '=', userId).executeTakeFirst()
}

export type PersonRow = NonNullable<Awaited<ReturnType<typeof findPerson>>>

/** Whether the organization has an owner. Call it under the organization's lock (`lockOrganization`). */
export async function hasOwner(trx: Trx, orgId: string): Promise<boolean> {
  const owner = await trx
    .selectFrom('organization_members')
    .select('user_id')
    .where('org_id', '=', orgId)
    .where('role', '=', 'owner')
    .limit(1)
    .executeTakeFirst()
  return owner !== undefined
}

/** Waits for any transaction that is adding this person to a project. */
export async function deleteOrganizationMember(trx: Trx, orgId: string, userId: string): Promise<void> {
  await trx.deleteFrom('organization_members').where('org_id', '=', orgId).where('user_id', '=', userId).execute()
}

/** Keeps a person in the organization until the transaction that adds them to something ends. False when they are no member. */
export async function keepOrganizationMember(trx: Trx, orgId: string, userId: string): Promise<boolean> {
  const member = await trx
    .selectFrom('organization_members')
    .select('user_id')
    .where('org_id', '=', orgId)
    .where('user_id', '=', userId)
    .forKeyShare()
    .executeTakeFirst()
  return member !== undefined
}

/** The organization's projects that a person is a member of, including deleted ones that can be restored. */
export async function listProjectIdsOfMember(db: Database | Trx, orgId: string, userId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('project_members as m')
    .innerJoin('projects as p', 'p.id', 'm.project_id')
    .select('p.id')
    .where('p.org_id', '=', orgId)
    .where('m.user_id', '=', userId)
    .execute()
  return rows.map(({ id }) => id)
}

/** The live projects that only this person owns permanently. Call it under the projects' locks to decide by it. */
export function listProjectsOnlyOwnedBy(db: Database | Trx, orgId: string, userId: string) {
  return db
    .selectFrom('project_members as m')
    .innerJoin('projects as p', 'p.id', 'm.project_id')
    .select(['p.id', 'p.slug', 'p.name'])
    .where('p.org_id', '=', orgId)
    .where('p.deleted_at', 'is', null)
    .where('m.user_id', '=', userId)
    .where('m.role', '=', 'owner')
    .where(
      sql<boolean>`not exists (select from project_members o where o.project_id = p.id and o.user_id <> ${userId}
        and o.role = 'owner' and o.env_id is null and o.cell_scopes is null and o.verbs = '{}' and o.expires_at is null)`,
    )
    .orderBy('p.id')
    .execute()
}

/** Whether somebody else owns the organization. */
export async function hasOtherOwner(db: Database | Trx, orgId: string, userId: string): Promise<boolean> {
  const other = await db
    .selectFrom('organization_members')
    .select('user_id')
    .where('org_id', '=', orgId)
    .where('role', '=', 'owner')
    .where('user_id', '<>', userId)
    .limit(1)
    .executeTakeFirst()
  return other !== undefined
}

/** A person's working personal tokens for an organization alone, and the open invitations to their address. */
export function countRevoked(db: Database | Trx, orgId: string, userId: string) {
  return db
    .selectNoFrom([
      sql<number>`(select count(*) from personal_tokens t where t.user_id = ${userId} and t.org_id = ${orgId} and t.revoked_at is null)`.as(
        'personal_tokens',
      ),
      sql<number>`(select count(*) from invitations i join users u on u.id = ${userId} and u.email = i.email
        where i.org_id = ${orgId} and i.accepted_at is null and i.revoked_at is null)`.as('invitations'),
    ])
    .executeTakeFirstOrThrow()
}

/** Revokes a person's personal tokens for an organization; `null` means those that work in all of their organizations. */
export function revokePersonalTokensOf(trx: Trx, orgId: string | null, userId: string) {
  return trx
    .updateTable('personal_tokens')
    .set({ revoked_at: sql<string>`now()` })
    .where('user_id', '=', userId)
    .where('org_id', 'is not distinct from', orgId)
    .where('revoked_at', 'is', null)
    .returning(['id', 'name'])
    .execute()
}
