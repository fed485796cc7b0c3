import { type SelectQueryBuilder, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import { plannedWithValues, preparedFirst, preparedList } from '../../prepared.ts'
import type { DB } from '../../schema.ts'
import { containing, json } from '../json.ts'

/** What a project is shown by. */
export const projectColumns = ['p.id', 'p.org_id', 'p.name', 'p.slug', 'p.metadata', 'p.created_at', 'p.updated_at'] as const

/** A project that is being purged has given its slug back. */
export const keptSlug = sql<string | null>`case when p.purging_at is null then p.slug end`

type Key = { id: string } | { slug: string }

const projectBy = (column: 'p.id' | 'p.slug') =>
  preparedFirst((db, orgId: string, key: string, userId: string | null) =>
    db
      .selectFrom('projects as p')
      .leftJoin('project_members as m', (join) =>
        join
          .onRef('m.project_id', '=', 'p.id')
          .on('m.user_id', '=', userId)
          .on((eb) => eb.or([eb('m.expires_at', 'is', null), eb('m.expires_at', '>', sql<string>`now()`)])),
      )
      .select(['p.id', 'p.slug', 'p.generation', 'm.role', 'm.env_id', 'm.cell_scopes', 'm.verbs', 'm.expires_at'])
      .where('p.org_id', '=', orgId)
      .where(column, '=', key)
      .where('p.deleted_at', 'is', null),
  )
const byId = projectBy('p.id')
const bySlug = projectBy('p.slug')

/** A live project of an organization by id or slug, with the user's unexpired membership. */
export function findProject(db: Database | Trx, orgId: string, key: Key, userId: string | null) {
  return 'id' in key ? byId(db, orgId, key.id, userId) : bySlug(db, orgId, key.slug, userId)
}

export function getProject(db: Database | Trx, orgId: string, projectId: string) {
  return db
    .selectFrom('projects as p')
    .select(projectColumns)
    .where('p.org_id', '=', orgId)
    .where('p.id', '=', projectId)
    .executeTakeFirstOrThrow()
}

/** Which projects: all of the organization, those of one user, or one. */
export type Whose = { all: true } | { userId: string } | { projectId: string }
export type ProjectPage = {
  q: string | undefined
  by: 'id' | 'name'
  descending: boolean
  after: { name: string; id: string } | undefined
  limit: number
}
type Order = Omit<ProjectPage, 'limit'>

type FromProjects<O> = SelectQueryBuilder<DB & { p: DB['projects'] }, 'p', O>

/** The live projects of an organization that somebody sees. */
export const seen = <O>(query: FromProjects<O>, orgId: string, whose: Whose, q: string | undefined): FromProjects<O> =>
  query
    .where('p.org_id', '=', orgId)
    .where('p.deleted_at', 'is', null)
    .$if('projectId' in whose, (found) => found.where('p.id', '=', (whose as { projectId: string }).projectId))
    .$if('userId' in whose, (found) =>
      found.where(({ exists, selectFrom, ref }) =>
        exists(
          selectFrom('project_members as m')
            .select('m.id')
            .where('m.project_id', '=', ref('p.id'))
            .where('m.user_id', '=', (whose as { userId: string }).userId)
            .where((eb) => eb.or([eb('m.expires_at', 'is', null), eb('m.expires_at', '>', sql<string>`now()`)])),
        ),
      ),
    )
    .$if(q !== undefined, (found) =>
      found.where((eb) => eb.or([eb('p.name', 'ilike', containing(q!)), eb('p.slug', 'ilike', containing(q!))])),
    )

function page<O>(query: FromProjects<O>, orgId: string, whose: Whose, want: Order, rows: number) {
  const { q, by, descending, after } = want
  const beyond = descending ? sql.raw('<') : sql.raw('>')
  return seen(query, orgId, whose, q)
    .$if(after !== undefined && by === 'id', (found) => found.where(sql<boolean>`p.id ${beyond} ${after!.id}`))
    .$if(after !== undefined && by === 'name', (found) =>
      found.where(sql<boolean>`(p.name, p.id) ${beyond} (${after!.name}, ${after!.id}::uuid)`),
    )
    .$if(by === 'name', (found) => found.orderBy('p.name', descending ? 'desc' : 'asc'))
    .orderBy('p.id', descending ? 'desc' : 'asc')
    .limit(rows)
}

const projects = (db: Database | Trx) => db.selectFrom('projects as p').select(projectColumns)
const first = { q: undefined, by: 'id', descending: false, after: undefined } as const
const isFirst = ({ q, by, descending, after }: Order) => q === undefined && by === 'id' && !descending && after === undefined

/** The fewest rows lead: a user's memberships, what a search finds, or the order of the list. Only the values tell which. */
const listed: typeof page = (query, ...rest) => page(query.modifyFront(plannedWithValues), ...rest)

const ofAll = (db: Database | Trx, orgId: string, rows: number) => page(projects(db), orgId, { all: true }, first, rows)
/** The most rows that other lookups may wait for. */
const SHORT = 51
const [shortOfAll, firstOfAll] = [preparedList(ofAll, { isShort: true }), preparedList(ofAll)]
const firstOfUser = preparedList((db, orgId: string, userId: string, rows: number) =>
  listed(projects(db), orgId, { userId }, first, rows),
)

export function listProjects(db: Database | Trx, orgId: string, whose: Whose, want: ProjectPage) {
  const rows = want.limit + 1
  if (isFirst(want) && 'all' in whose) return (rows <= SHORT ? shortOfAll : firstOfAll)(db, orgId, rows)
  if (isFirst(want) && 'userId' in whose) return firstOfUser(db, orgId, whose.userId, rows)
  return listed(projects(db), orgId, whose, want, rows).execute()
}

/** Undefined when the slug is taken, also by a deleted project that can still be restored. */
export function insertProject(db: Database | Trx, project: { id: string; org_id: string; slug: string; name: string }) {
  return db
    .insertInto('projects')
    .values(project)
    .onConflict((c) => c.columns(['org_id', 'slug']).doNothing())
    .returning(['id', 'org_id', 'name', 'slug', 'metadata', 'created_at', 'updated_at'])
    .executeTakeFirst()
}

/** Also a deleted project, which keeps its slug until it is purged. */
export function findProjectBySlug(db: Database | Trx, orgId: string, slug: string) {
  return db
    .selectFrom('projects')
    .select('id')
    .where('org_id', '=', orgId)
    .where('slug', '=', slug)
    .where('purging_at', 'is', null)
    .executeTakeFirst()
}

/** Whether the slug is taken, also by a deleted project. */
export async function isSlugTaken(db: Database | Trx, orgId: string, slug: string): Promise<boolean> {
  const found = await db
    .selectFrom('projects')
    .select('id')
    .where('org_id', '=', orgId)
    .where('slug', '=', slug)
    .executeTakeFirst()
  return found !== undefined
}

/** For every writer of project data: keeps the generation from being nuked meanwhile. Undefined when the project is gone. */
export function lockGeneration(trx: Trx, orgId: string, projectId: string) {
  return trx
    .selectFrom('projects')
    .select('generation')
    .where('org_id', '=', orgId)
    .where('id', '=', projectId)
    .where('deleted_at', 'is', null)
    .forKeyShare()
    .executeTakeFirst()
}

/** Excludes every other writer of the project and its data. Undefined when the project is gone. */
export function lockProject(trx: Trx, orgId: string, projectId: string) {
  return trx
    .selectFrom('projects as p')
    .select([...projectColumns, 'p.generation', 'p.last_generation', 'p.protected', 'p.protection_reason'])
    .where('p.org_id', '=', orgId)
    .where('p.id', '=', projectId)
    .where('p.deleted_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
}

/** Locks several projects, deleted ones too, always in the same order. */
export async function lockProjects(trx: Trx, orgId: string, ids: string[]): Promise<void> {
  await trx
    .selectFrom('projects as p')
    .select('p.id')
    .where('p.org_id', '=', orgId)
    .where(sql<boolean>`p.id = any(${ids}::uuid[])`)
    .orderBy('p.id')
    .forUpdate()
    .execute()
}

export type ProjectPatch = { name?: string; metadata?: Record<string, unknown> | null }

export function updateProject(trx: Trx, orgId: string, projectId: string, { name, metadata }: ProjectPatch) {
  return trx
    .updateTable('projects as p')
    .set({ updated_at: sql<string>`clock_timestamp()` })
    .$if(name !== undefined, (q) => q.set({ name: name! }))
    .$if(metadata !== undefined, (q) => q.set({ metadata: metadata === null ? null : json(metadata) }))
    .where('p.org_id', '=', orgId)
    .where('p.id', '=', projectId)
    .returning(projectColumns)
    .executeTakeFirstOrThrow()
}

/** `last_generation` increases with every number used, so that none is used twice, even after an undo. */
export async function setGeneration(trx: Trx, orgId: string, projectId: string, generation: number, last: number): Promise<void> {
  await trx
    .updateTable('projects')
    .set({ generation, last_generation: last })
    .where('org_id', '=', orgId)
    .where('id', '=', projectId)
    .execute()
}

export function findProtection(db: Database | Trx, orgId: string, projectId: string) {
  return db
    .selectFrom('projects')
    .select(['protected', 'protection_reason'])
    .where('org_id', '=', orgId)
    .where('id', '=', projectId)
    .executeTakeFirstOrThrow()
}

export async function setProtection(
  trx: Trx,
  orgId: string,
  projectId: string,
  isProtected: boolean,
  reason: string | null,
): Promise<void> {
  await trx
    .updateTable('projects')
    .set({ protected: isProtected, protection_reason: reason })
    .where('org_id', '=', orgId)
    .where('id', '=', projectId)
    .execute()
}

export type Deletion = { retentionHours: number; reason: string | null }

export function markDeleted(trx: Trx, orgId: string, projectId: string, { retentionHours, reason }: Deletion) {
  return trx
    .updateTable('projects')
    .set({
      deleted_at: sql<string>`now()`,
      restore_before: sql<string>`now() + make_interval(hours => ${retentionHours})`,
      deletion_reason: reason,
    })
    .where('org_id', '=', orgId)
    .where('id', '=', projectId)
    .returning(['deleted_at', 'restore_before'])
    .executeTakeFirstOrThrow()
}

export function lockDeletedProject(trx: Trx, orgId: string, projectId: string) {
  return trx
    .selectFrom('projects as p')
    .select([...projectColumns, 'p.deleted_at', 'p.restore_before', 'p.protected', 'p.protection_reason'])
    .select([sql<boolean>`p.purging_at is not null or p.restore_before <= now()`.as('too_late')])
    .where('p.org_id', '=', orgId)
    .where('p.id', '=', projectId)
    .forUpdate()
    .executeTakeFirst()
}

export function undeleteProject(trx: Trx, orgId: string, projectId: string) {
  return trx
    .updateTable('projects as p')
    .set({ deleted_at: null, restore_before: null, deletion_reason: null })
    .where('p.org_id', '=', orgId)
    .where('p.id', '=', projectId)
    .returning(projectColumns)
    .executeTakeFirstOrThrow()
}

/**
 * Ends the retention of a deleted project: a restore sees the mark, and the next purge deletes it. Its id takes the place of its
 * slug, which a new project can then have.
 */
export async function markPurging(trx: Trx, orgId: string, projectId: string): Promise<void> {
  await trx
    .updateTable('projects')
    .set({ restore_before: sql<string>`now()`, purging_at: sql<string>`clock_timestamp()`, slug: projectId })
    .where('org_id', '=', orgId)
    .where('id', '=', projectId)
    .execute()
}

export function listDeletedProjects(db: Database | Trx, orgId: string, after: string | undefined, limit: number) {
  return db
    .selectFrom('projects')
    .select(['id', 'name', 'slug', sql<string>`deleted_at`.as('deleted_at'), sql<string>`restore_before`.as('restore_before')])
    .select('deletion_reason')
    .where('org_id', '=', orgId)
    .where('deleted_at', 'is not', null)
    .where('restore_before', '>', sql<string>`now()`)
    .where('purging_at', 'is', null)
    .$if(after !== undefined, (q) => q.where('id', '>', after!))
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

/** Deletes the project and everything that a nuke would keep. Its data must be gone. */
export async function deleteShell(trx: Trx, orgId: string, projectId: string): Promise<void> {
  for (const table of [
    'wipes',
    'repo_links',
    'invitation_projects',
    'viewings',
    'project_tokens',
    'project_members',
    'environments',
  ] as const) {
    await trx.deleteFrom(table).where('project_id', '=', projectId).execute()
  }
  await trx.deleteFrom('projects').where('org_id', '=', orgId).where('id', '=', projectId).execute()
}

/** How projects are named beside their events, deleted ones included. The slug is null once a project is being purged. */
export function listProjectNames(db: Database | Trx, orgId: string, ids: string[]) {
  return db
    .selectFrom('projects as p')
    .select(['p.id', keptSlug.as('slug'), sql<boolean>`p.deleted_at is not null`.as('deleted')])
    .where('p.org_id', '=', orgId)
    .where('p.id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
}

export type ProjectRow = Awaited<ReturnType<typeof getProject>>

/** Every live project of every organization, oldest first, for the check command. */
export function listAllProjects(db: Database | Trx) {
  return db
    .selectFrom('projects as p')
    .innerJoin('organizations as o', 'o.id', 'p.org_id')
    .select(['p.id', 'p.slug', 'p.generation', 'o.slug as org_slug'])
    .where('p.deleted_at', 'is', null)
    .orderBy('p.id')
    .execute()
}
