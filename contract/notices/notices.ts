import { z } from 'zod'
import { AuditEvent } from '../audit/events.ts'
import { Id, PageQuery, Time } from '../common.ts'
import { operation } from '../operation.ts'

export const NoticeKind = z.enum([
  'nuked',
  'undone',
  'deleted',
  'restored',
  'purged',
  'owner-made',
  'owner-changed',
  'owner-removed',
  'webhook-switched-off',
  'account-taken-over',
])
export type NoticeKind = z.infer<typeof NoticeKind>

/** One thing that an owner is notified of. */
export const Notice = z.object({
  id: Id.describe('The id of the audit event.'),
  kind: NoticeKind,
  summary: z.string().describe('Who did what, in one sentence.'),
  actor: AuditEvent.shape.actor,
  target: AuditEvent.shape.target,
  organization: z.object({ id: Id, slug: z.string(), name: z.string() }),
  project: z
    .object({ id: Id, slug: z.string().nullable(), deleted: z.boolean() })
    .nullable()
    .describe('The slug is null once the project is permanently deleted.'),
  wipeId: Id.nullable().describe('The nuke receipt, for a nuke or an undo.'),
  undoBefore: Time.nullable().describe('Until when the nuke can be undone, or the project restored; null if it can’t.'),
  reason: z.string().nullable().describe('The reason that was given.'),
  createdAt: Time,
  readAt: Time.nullable(),
})
export type Notice = z.infer<typeof Notice>

const NoticeQuery = PageQuery.extend({
  unread: z.enum(['true']).optional().describe('Only unread notices.'),
})
export type NoticeQuery = z.infer<typeof NoticeQuery>

export const MarkNotice = z.strictObject({ read: z.boolean() })
export const UnreadNotices = z.object({ unread: z.int() })

const tag = 'Notices'

export const noticeOperations = {
  list: operation({
    method: 'GET',
    path: '/me/notices',
    tag,
    summary: 'List your notices, newest first',
    permission: 'authenticated',
    description:
      'The owners of a project and of its organization are notified when the project is nuked, undone, deleted, restored or purged, and when its owners change. ' +
      'When a person first proves the email address of an account and so takes it over, that person, the inviter, and the owners of the tokens and webhooks that the account created are notified. ' +
      'Your own actions are included as read.',
    query: NoticeQuery,
    returns: Notice.array(),
  }),
  unread: operation({
    method: 'GET',
    path: '/me/notices/unread',
    tag,
    summary: 'Count your unread notices',
    permission: 'authenticated',
    returns: UnreadNotices,
  }),
  markAll: operation({
    method: 'POST',
    path: '/me/notices/read',
    tag,
    summary: 'Mark all notices as read',
    permission: 'authenticated',
    returns: UnreadNotices,
  }),
  mark: operation({
    method: 'PATCH',
    path: '/me/notices/{noticeId}',
    tag,
    summary: 'Mark a notice as read or unread',
    permission: 'authenticated',
    body: MarkNotice,
    returns: Notice,
  }),
}
