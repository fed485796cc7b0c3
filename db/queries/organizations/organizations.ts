import { sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues, preparedFirst } from '../../prepared.ts'
import type { Role } from '../../schema.ts'

const columns = ['o.id', 'o.slug', 'o.name', 'o.max_token_days', 'o.require_nuke_reason', 'o.created_at', 'o.updated_at'] as const

const organizationBy = (column: 'o.id' | 'o.slug') =>
  preparedFirst((db, key: string, userId: string | null) =>
    db
      .selectFrom('organizations as o')
      .leftJoin('organization_members as m', (join) => join.onRef('m.org_id', '=', 'o.id').on('m.user_id', '=', userId))
      .select([...columns, 'm.role'])
      .where(column, '=', key),
  )
const byId = organizationBy('o.id')
const bySlug = organizationBy('o.slug')

/** An organization by id or slug (a slug never looks like an id), with the user's role in it. */
export function findOrganization(db: Database | Trx, key: { id: string } | { slug: string }, userId: string | null) {
  return 'id' in key ? byId(db, key.id, userId) : bySlug(db, key.slug, userId)
}

export type OrganizationPage = { userId: string | null; orgId: string | null; after: string | undefined; limit: number }

/** A user's organizations (`userId`), or the one that a token belongs to (`orgId`), oldest first. */
export function listOrganizations(db: Database | Trx, { userId, orgId, after, limit }: OrganizationPage) {
  return db
    .selectFrom('organizations as o')
    .leftJoin('organization_members as m', (join) => join.onRef('m.org_id', '=', 'o.id').on('m.user_id', '=', userId))
    .modifyFront(plannedWithValues)
    .select([...columns, 'm.role'])
    .$if(userId !== null, (q) => q.where('m.user_id', 'is not', null))
    .$if(orgId !== null, (q) => q.where('o.id', '=', orgId))
    .$if(after !== undefined, (q) => q.where('o.id', '>', after!))
    .orderBy('o.id')
    .limit(limit + 1)
    .execute()
}

/** With the server's default quotas. Undefined when the slug is taken. */
export function insertOrganization(db: Database | Trx, organization: { id: string; slug: string; name: string }) {
  return db
    .with('inserted', (cte) =>
      cte
        .insertInto('organizations')
        .values(organization)
        .onConflict((c) => c.column('slug').doNothing())
        .returning(['id', 'slug', 'name']),
    )
    .with('with_quotas', (cte) =>
      cte
        .insertInto('organization_quotas')
        .columns(['org_id'])
        .expression(({ selectFrom }) => selectFrom('inserted').select('id')),
    )
    .selectFrom('inserted')
    .selectAll()
    .executeTakeFirst()
}

/**
 * Undefined when the user is a member already. It is their home when they join with a verified address, or when it was made as
 * their home.
 */
export function insertOrganizationMember(
  db: Database | Trx,
  { home, ...member }: { org_id: string; user_id: string; role: Role; home?: true },
) {
  return db
    .insertInto('organization_members')
    .values((eb) => ({
      ...member,
      home:
        home ??
        eb
          .selectFrom('users')
          .select(sql<boolean>`email_verified_at is not null`.as('home'))
          .where('id', '=', member.user_id),
    }))
    .onConflict((c) => c.doNothing())
    .returning(['user_id', 'role'])
    .executeTakeFirst()
}

export function findOrganizationMember(db: Database | Trx, orgId: string, userId: string) {
  return db
    .selectFrom('organization_members')
    .select(['user_id', 'role'])
    .where('org_id', '=', orgId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
}

export function updateOrganizationRole(db: Database | Trx, orgId: string, userId: string, role: Role) {
  return db
    .updateTable('organization_members')
    .set({ role, updated_at: sql<string>`clock_timestamp()` })
    .where('org_id', '=', orgId)
    .where('user_id', '=', userId)
    .returning('user_id')
    .executeTakeFirst()
}

/** Locks the organization: one transaction at a time decides who belongs to it. Rows that only refer to it need not wait. */
export function lockOrganization(trx: Trx, orgId: string) {
  return trx.selectFrom('organizations as o').select(columns).where('o.id', '=', orgId).forNoKeyUpdate().executeTakeFirst()
}

/** Whether people must give a reason when they nuke one of its projects. */
export async function requiresNukeReason(db: Database | Trx, orgId: string): Promise<boolean> {
  const { require_nuke_reason } = await db
    .selectFrom('organizations')
    .select('require_nuke_reason')
    .where('id', '=', orgId)
    .executeTakeFirstOrThrow()
  return require_nuke_reason
}

/** The rule for its tokens, and the time. Many may hold it at once; a change waits for all of them. */
export function lockTokenRule(trx: Trx, orgId: string) {
  return trx
    .selectFrom('organizations')
    .select(['max_token_days', sql<string>`now()`.as('now')])
    .where('id', '=', orgId)
    .forShare()
    .executeTakeFirstOrThrow()
}

type OrganizationPatch = { name?: string; max_token_days?: number | null; require_nuke_reason?: boolean }

export function updateOrganization(trx: Trx, orgId: string, patch: OrganizationPatch) {
  return trx
    .updateTable('organizations as o')
    .set({ ...patch, updated_at: sql<string>`clock_timestamp()` })
    .where('o.id', '=', orgId)
    .returning(columns)
    .executeTakeFirstOrThrow()
}

const homeOf = preparedFirst((db, userId: string) =>
  db.selectFrom('organization_members').select('org_id').where('user_id', '=', userId).where('home', '=', sql.lit(true)).limit(1),
)

/** Whether a user has a home: an organization that they joined with a verified address, or that was made for them. */
export const hasHome = async (db: Database | Trx, userId: string) => (await homeOf(db, userId)) !== undefined

/** Locks the user: one transaction at a time decides about them. */
export async function lockUser(trx: Trx, userId: string): Promise<void> {
  await trx.selectFrom('users').select('id').where('id', '=', userId).forUpdate().execute()
}

/** The oldest home in which a user may create projects; for a token of one organization, that one if it qualifies. */
export function findOrganizationToCreateIn(db: Database | Trx, userId: string, onlyOrgId: string | null) {
  return db
    .selectFrom('organizations as o')
    .innerJoin('organization_members as m', 'm.org_id', 'o.id')
    .select(['o.id', 'o.slug', 'o.max_token_days', 'm.role'])
    .where('m.user_id', '=', userId)
    .where('m.role', 'in', ['owner', 'admin'])
    .$if(onlyOrgId === null, (q) => q.where('m.home', '=', true))
    .$if(onlyOrgId !== null, (q) => q.where('o.id', '=', onlyOrgId!))
    .orderBy('m.created_at')
    .orderBy('o.id')
    .executeTakeFirst()
}
