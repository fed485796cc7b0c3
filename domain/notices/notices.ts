import type { Notice, NoticeKind, NoticeQuery } from '#contract/notices/notices'
import { paths } from '#contract/paths'
import { type Database, type Trx, inTransaction } from '#db/client'
import { addJob } from '#db/queries/jobs'
import * as rows from '#db/queries/notices/notices'
import type { AuditAction, AuditSource, AuditTarget } from '../events.ts'
import type { ActorContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { type Page, idCursor, toPage } from '../paging.ts'

/** The actions that every owner is notified of, whoever took them. */
const kinds: Partial<Record<AuditAction, NoticeKind>> = {
  'project.nuked': 'nuked',
  'project.undone': 'undone',
  'project.deleted': 'deleted',
  'project.restored': 'restored',
  'project.purged': 'purged',
  'wipe.purged': 'purged',
  'organization.owner-granted': 'owner-made',
  'webhook.switched-off': 'webhook-switched-off',
  'member.taken-over': 'account-taken-over',
}

const ofPeople: ReadonlySet<AuditAction> = new Set<AuditAction>([
  'member.added',
  'member.updated',
  'member.scoped',
  'member.removed',
  'organization.member-added',
  'organization.member-updated',
  'organization.member-removed',
])

type Change = { before?: unknown; after?: unknown }

const isOwner = (side: unknown) => (side as { role?: unknown } | null | undefined)?.role === 'owner'

/** The notice of an event; undefined for most events. */
export function noticeKindOf(action: AuditAction, { before, after }: Change): NoticeKind | undefined {
  if (!ofPeople.has(action)) return kinds[action]
  if (isOwner(after)) return isOwner(before) ? 'owner-changed' : 'owner-made'
  return isOwner(before) ? 'owner-removed' : undefined
}

type RecordedEvent = AuditSource & { id: string; action: AuditAction; target: AuditTarget; change: Change }

/**
 * Part of writing an audit event: a notice for each owner of the project and its organization, and for the person who became or
 * ceased to be an owner. The mail follows the commit, to all but the actor.
 */
export async function notifyOwners(trx: Trx, event: Omit<RecordedEvent, 'origin'>): Promise<void> {
  const { id, actor, org, project, action, target, change } = event
  const kind = noticeKindOf(action, change)
  if (!kind || !org) return
  const notified = await rows.insertNotices(
    trx,
    { id, org_id: org.id, project_id: project?.id ?? null, kind },
    {
      // What the account's previous user left behind is news to its present user.
      byUserId: actor.kind === 'user' && kind !== 'account-taken-over' ? actor.id : null,
      alsoUserId: kind.startsWith('owner-') ? target.id : null,
    },
  )
  for (const userId of notified) await addJob(trx, 'mail-notice', { userId, noticeId: id }, org.id)
}

type Left = { tokens?: { name: string }[]; webhooks?: { host: string }[] }

/** What the account's previous user made and still works, as named in the event. */
function leftBy({ after }: rows.NoticeRow): string[] {
  const { tokens = [], webhooks = [] } = (after ?? {}) as Left
  return [...tokens.map(({ name }) => `the token ${name}`), ...webhooks.map(({ host }) => `the webhook to ${host}`)]
}

function takenOver(row: rows.NoticeRow): string {
  if (row.user_id === row.target_id && row.project_id === null)
    return 'You verified your email address, so this account is yours. Earlier passwords, second factors, sessions and personal tokens were revoked'
  const left = leftBy(row)
  const what = `${row.target_name ?? row.target_id} verified their email address and took over their account`
  if (left.length === 0) return `${what}. Earlier passwords, second factors, sessions and personal tokens were revoked`
  return `${what}. These were created before that and still work: ${left.join(', ')}. Revoke what you don’t recognize`
}

/** What the actor said; a notice of a person's role has no reason. */
const reasonOf = ({ after }: rows.NoticeRow): string | null => (after as { reason?: string } | null)?.reason ?? null

const isGone = ({ after }: rows.NoticeRow) => (after as { status?: unknown } | null)?.status === 410

/** Who did what, in one sentence, for the console and for mail. */
export function summaryOf(row: rows.NoticeRow): string {
  if (row.kind === 'account-taken-over') return takenOver(row)
  const who = row.actor_name
  const target = row.target_name ?? row.target_id
  const place = row.project_id ? `the project ${row.project_slug ?? '(deleted)'}` : `the organization ${row.org_name}`
  const ownMember = row.actor_id === row.target_id
  const sentences = {
    nuked: `${who} nuked the project ${target}`,
    undone: `${who} undid a nuke of the project ${target}`,
    deleted: `${who} deleted the project ${target}`,
    restored: `${who} restored the project ${target}`,
    purged: `${who} permanently deleted ${row.target_kind === 'wipe' ? `nuked data of the project ${target}` : `the project ${target}`}`,
    'owner-made': ownMember ? `${who} became an owner of ${place}` : `${who} made ${target} an owner of ${place}`,
    'owner-changed': `${who} changed ${ownMember ? 'their own' : `${target}’s`} access as an owner of ${place}`,
    'owner-removed': ownMember ? `${who} is no longer an owner of ${place}` : `${who} removed ${target} as an owner of ${place}`,
    'webhook-switched-off': `The webhook to ${target} was turned off, because ${isGone(row) ? 'its receiver answered 410 Gone' : 'no delivery succeeded for three days'}`,
  } as const satisfies Record<Exclude<NoticeKind, 'account-taken-over'>, string>
  return sentences[row.kind]
}

const present = (row: rows.NoticeRow): Notice => ({
  id: row.id,
  kind: row.kind,
  summary: summaryOf(row),
  actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
  target: { kind: row.target_kind, id: row.target_id, name: row.target_name },
  organization: { id: row.org_id, slug: row.org_slug, name: row.org_name },
  project: row.project_id === null ? null : { id: row.project_id, slug: row.project_slug, deleted: row.project_deleted },
  wipeId: row.kind === 'nuked' ? row.wipe_id : null,
  undoBefore: row.undo_before,
  reason: reasonOf(row),
  createdAt: row.created_at,
  readAt: row.read_at,
})

/** Whose notices they are; a token of one organization sees only that organization's. */
function reader({ actor }: ActorContext): { userId: string; orgId: string | null } {
  if (actor.kind !== 'user') throw new DomainError('forbidden', 'Project tokens have no notices. Use a personal token')
  return { userId: actor.id, orgId: actor.orgId }
}

export async function listNotices(context: ActorContext, { unread, limit, cursor }: NoticeQuery): Promise<Page<Notice>> {
  const { userId, orgId } = reader(context)
  const page = { orgId, unread: unread !== undefined, before: idCursor(cursor), limit }
  return toPage(await rows.listNotices(context.db, userId, page), limit, (row) => [row.id], present)
}

export async function countUnreadNotices(context: ActorContext): Promise<{ unread: number }> {
  const { userId, orgId } = reader(context)
  return { unread: await rows.countUnread(context.db, userId, orgId) }
}

export async function markAllNotices(context: ActorContext): Promise<{ unread: number }> {
  const { userId, orgId } = reader(context)
  return inTransaction(context.db, async (trx) => {
    await rows.markNotices(trx, userId, { id: null, orgId, read: true })
    return { unread: await rows.countUnread(trx, userId, orgId) }
  })
}

export async function markNotice(context: ActorContext, id: string, { read }: { read: boolean }): Promise<Notice> {
  const { userId, orgId } = reader(context)
  return inTransaction(context.db, async (trx) => {
    await rows.markNotices(trx, userId, { id, orgId, read })
    const row = await rows.findNotice(trx, userId, id)
    if (!row || (orgId !== null && row.org_id !== orgId)) throw new DomainError('notice_not_found', 'No such notice')
    return present(row)
  })
}

/** Where to read more: the receipt, the list of deleted projects, the audit log or the people. */
function pathOf(row: rows.NoticeRow): string {
  const organization = paths.organization(row.org_slug)
  const project = row.project_slug === null ? undefined : paths.project(row.org_slug, row.project_slug)
  if (row.kind === 'webhook-switched-off') return organization.webhooks
  if (row.kind === 'account-taken-over' && project) return project.tokens
  if (row.kind === 'deleted') return organization.deletedProjects
  if (row.kind === 'purged' && row.target_kind === 'project') return paths.projects(row.org_slug)
  if (row.project_id === null) return organization.people
  if (!project) return paths.projects(row.org_slug)
  return row.wipe_id ? project.wipe(row.wipe_id) : project.auditEvent(row.id)
}

/** The mail of a notice; undefined once it was sent. */
export async function noticeToMail(db: Database, userId: string, id: string) {
  const row = await rows.findNotice(db, userId, id)
  const addressee = row && (await rows.findAddressee(db, userId, id))
  if (!row || !addressee) return undefined
  const { org_name: organization, created_at: at, undo_before: undoBefore } = row
  const { kind } = row
  const words = { summary: summaryOf(row), reason: reasonOf(row) }
  return { kind, email: addressee.email, ...words, organization, at, undoBefore, path: pathOf(row) }
}

export const markNoticeMailed = (db: Database, userId: string, id: string) => rows.markMailed(db, userId, id)
