import {
  type Activity,
  type ActivityQuery,
  type AuditChain,
  type AuditEvent,
  type AuditFilter,
  type AuditQuery,
  COUNTED_OF_A_DAY,
  type OrganizationAuditEvent,
  type OrganizationAuditFilter,
  type OrganizationAuditQuery,
} from '#contract/audit/events'
import { foldAddress } from '#contract/email'
import type { Database, Trx } from '#db/client'
import * as rows from '#db/queries/audit/events'
import { isFollowed } from '#db/queries/page-bytes'
import { countUnsealedOfProject, findHead } from '#db/queries/audit/chain'
import { findProjectBySlug, listProjectNames } from '#db/queries/projects/projects'
import type { OrgContext, ProjectContext } from '../context.ts'
import { isId } from '../ids.ts'
import { type Page, timeCursor, toPage } from '../paging.ts'
import { assertCan, assertCanInOrganization } from '../access/permissions.ts'
import { projectGone } from '../writing.ts'

/** Events an export reads with each statement. */
const CHUNK = 1000

type Row = Awaited<ReturnType<typeof rows.listAuditEvents>>[number]

const present = (row: Row): AuditEvent => ({
  id: row.id,
  actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
  action: row.action,
  target: { kind: row.target_kind, id: row.target_id, name: row.target_name },
  before: row.before as AuditEvent['before'],
  after: row.after as AuditEvent['after'],
  requestId: row.request_id,
  address: row.address,
  createdAt: row.created_at,
  seq: row.seq,
  hash: row.hash?.toString('hex') ?? null,
})

const keyOf = ({ created_at, id }: Row) => [created_at, id]

const toFilter = ({ action, actor, target, from, to, requestId }: AuditFilter): rows.AuditFilter => ({
  action,
  actor,
  // The names of people are their addresses.
  target: target === undefined ? undefined : { id: target, names: [...new Set([target.toLowerCase(), foldAddress(target)])] },
  from,
  to,
  requestId,
})

export async function listAuditEvents(
  context: ProjectContext,
  { limit, cursor, ...filter }: AuditQuery,
): Promise<Page<AuditEvent>> {
  assertCan(context, 'audit:read')
  const page = { ...toFilter(filter), before: timeCursor(cursor, isId), limit }
  return toPage(await rows.listAuditEvents(context.db, { projectId: context.project.id }, page), limit, keyOf, present)
}

/** Events of the organization itself and of all its projects, whether or not they still exist. */
export async function listOrganizationAuditEvents(
  context: OrgContext,
  { limit, cursor, ...filter }: OrganizationAuditQuery,
): Promise<Page<OrganizationAuditEvent>> {
  assertCanInOrganization(context, 'organization-audit:read')
  const page = { ...toFilter(filter), before: timeCursor(cursor, isId), limit }
  const found = await rows.listAuditEvents(context.db, await ofOrganization(context, filter), page)
  return toPage(found, limit, keyOf, await presenterOf(context, found))
}

/** A project that was purged is known by its events alone. */
async function ofOrganization({ db, org }: OrgContext, { project }: OrganizationAuditFilter): Promise<rows.AuditOf> {
  if (project === undefined) return { orgId: org.id }
  if (!isId(project)) {
    const found = await findProjectBySlug(db, org.id, project)
    if (!found) throw projectGone()
    return { projectId: found.id }
  }
  const found = await rows.findOrganizationOfEvents(db, project)
  if (found?.org_id !== org.id) throw projectGone()
  return { projectId: project }
}

/** Shows events with their projects, as far as these still exist. */
async function presenterOf({ db, org }: OrgContext, found: Row[]) {
  const ids = new Set(found.map(({ project_id }) => project_id).filter((id) => id !== null))
  const projects = new Map((await listProjectNames(db, org.id, [...ids])).map((project) => [project.id, project]))
  return (row: Row): OrganizationAuditEvent => ({ ...present(row), project: projectOf(row.project_id, projects) })
}

function projectOf(id: string | null, projects: Map<string, { slug: string | null; deleted: boolean }>) {
  return id === null ? null : { id, slug: projects.get(id)?.slug ?? null, deleted: projects.get(id)?.deleted ?? true }
}

const DAY = 86_400_000

/** How many changes people, tokens and the server have made on each of the last days, today included. */
export async function listActivity(context: ProjectContext, { days }: ActivityQuery, now = Date.now()): Promise<Activity> {
  assertCan(context, 'audit:read')
  const first = Math.floor(now / DAY) - days + 1
  const startOf = (day: number) => new Date((first + day) * DAY).toISOString()
  const asked = Array.from({ length: days }, (_, day) => ({ from: startOf(day), to: startOf(day + 1) }))
  const found = await rows.countEventsByDay(context.db, context.project.id, asked, COUNTED_OF_A_DAY)
  const countsOf = ({ from }: rows.Day, index: number) => {
    const some = found.filter(({ day }) => day === index + 1)
    const of = (kind: Row['actor_kind']) => some.find(({ actor_kind }) => actor_kind === kind)?.n ?? 0
    return {
      date: from.slice(0, 10),
      people: of('user'),
      tokens: of('project_token'),
      system: of('system'),
      more: some.some(({ more }) => more),
    }
  }
  return { days: asked.map(countsOf) }
}

export async function getAuditChain(context: ProjectContext): Promise<AuditChain> {
  assertCan(context, 'audit:read')
  const { seq, hash, sealed_at } = await findHead(context.db, context.org.id)
  const unsealed = await countUnsealedOfProject(context.db, context.org.id, context.project.id)
  return { end: seq && hash && sealed_at ? { seq, hash: hash.toString('hex'), sealedAt: sealed_at } : null, unsealed }
}

/**
 * All events that a list with this filter shows, page by page. Events that begin meanwhile sort before the first and are left out.
 */
export async function exportAuditEvents(context: ProjectContext, filter: AuditFilter): Promise<AsyncGenerator<AuditEvent>> {
  assertCan(context, 'audit:read')
  return events(context.db, { projectId: context.project.id }, toFilter(filter), async () => present)
}

export async function exportOrganizationAuditEvents(
  context: OrgContext,
  filter: OrganizationAuditFilter,
): Promise<AsyncGenerator<OrganizationAuditEvent>> {
  assertCanInOrganization(context, 'organization-audit:read')
  const of = await ofOrganization(context, filter)
  return events(context.db, of, toFilter(filter), (page) => presenterOf(context, page))
}

async function* events<Event>(
  db: Database | Trx,
  of: rows.AuditOf,
  filter: rows.AuditFilter,
  presenter: (page: Row[]) => Promise<(row: Row) => Event>,
): AsyncGenerator<Event> {
  let before: rows.AuditPage['before']
  do {
    const page = await rows.listAuditEvents(db, of, { ...filter, before, limit: CHUNK })
    const shown = page.slice(0, CHUNK)
    const presented = await presenter(shown)
    for (const row of shown) yield presented(row)
    const last = shown.at(-1)
    before = last && (page.length > CHUNK || isFollowed(last)) ? { createdAt: last.created_at, key: last.id } : undefined
  } while (before !== undefined)
}
