import { z } from 'zod'
import { AuditEvent } from '../audit/events.ts'
import { Id, PageQuery, Time } from '../common.ts'
import { operation } from '../operation.ts'

export const NoticeKind = z.enum([
  'nuked',
  'undone',
  'deleted',
  'restored',
  'owner-made',
  'owner-changed',
  'owner-removed',
  'webhook-switched-off',
  'account-taken-over',
])
export type NoticeKind = z.infer<typeof NoticeKind>

/** One thing that an owner is notified of. */
export const Notice = z.object({
  id: Id.describe('That of the audit event.'),
  kind: NoticeKind,
  summary: z.string().describe('Who did what, in one sentence.'),
  actor: AuditEvent.shape.actor,
  target: AuditEvent.shape.target,
  organization: z.object({ id: Id, slug: z.string(), name: z.string() }),
  project: z
    .object({ id: Id, slug: z.string().nullable(), deleted: z.boolean() })
    .nullable()
    .describe('The slug is null once the project is gone for good.'),
  wipeId: Id.nullable().describe('The receipt, of a nuke.'),
  undoBefore: Time.nullable().describe('Until then the nuke can be undone, or the project restored; null when it cannot.'),
  createdAt: Time,
  readAt: Time.nullable(),
})
export type Notice = z.infer<typeof Notice>

const NoticeQuery = PageQuery.extend({
  unread: z.enum(['true']).optional().describe('Only those that are not read yet.'),
})
export type NoticeQuery = z.infer<typeof NoticeQuery>

export const MarkNotice = z.strictObject({ read: z.boolean() })
export const UnreadNotices = z.object({ unread: z.int() })

const tag = 'You'

export const noticeOperations = {
  list: operation({
    method: 'GET',
    path: '/me/notices',
    tag,
    summary: 'List what you were told of as an owner, newest first',
    permission: 'authenticated',
    description:
      'Every owner of a project and of its organisation is told of its nukes, undos, deletion and restoration and of changes of owners. ' +
      'When somebody first proves the address of an account, they, whoever invited them, and the owners of what it left behind are notified. ' +
      'What you did yourself is there too, as read.',
    query: NoticeQuery,
    returns: Notice.array(),
  }),
  unread: operation({
    method: 'GET',
    path: '/me/notices/unread',
    tag,
    summary: 'Count the notices that you have not read',
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
    summary: 'Mark a notice as read, or as unread',
    permission: 'authenticated',
    body: MarkNotice,
    returns: Notice,
  }),
}
