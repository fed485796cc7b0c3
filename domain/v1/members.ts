import type { Revocable } from '#contract/members/made-by'
import type { Deleted, LastQuery, Membership } from '#contract/v1/common'
import type { V1UpdateMember } from '#contract/v1/members'
import { inTransaction } from '#db/client'
import { transactionTime } from '#db/queries/v1/time'
import * as rows from '#db/queries/v1/members'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { removeMember, setVerbs } from '../members/members.ts'
import type { Page } from '../paging.ts'
import { assertCan } from '../access/permissions.ts'
import { presentMembership } from './memberships.ts'
import { newestFirst, pageOf } from './paging.ts'

/** The project's own members: admins of the organization have no membership here. */
export async function listV1Members(context: ProjectContext, query: LastQuery): Promise<Page<Membership>> {
  assertCan(context, 'project:read')
  const page = newestFirst(query)
  return pageOf(await rows.listMemberships(context.db, context.project.id, page), page, presentMembership)
}

export async function updateV1Member(context: ProjectContext, memberId: string, { permissions }: V1UpdateMember): Promise<void> {
  assertCan(context, 'project:read')
  const { user_id } = await membership(context, memberId)
  if (permissions) await setVerbs(context, user_id, permissions)
}

/** `deletedAt` is the time of the transaction that removed it. */
export async function deleteV1Member(context: ProjectContext, memberId: string, revoke?: readonly Revocable[]): Promise<Deleted> {
  assertCan(context, 'project:read')
  const { user_id } = await membership(context, memberId)
  return inTransaction(context.db, async (trx) => {
    await removeMember({ ...context, db: trx }, user_id, revoke)
    return { deleted: true, deletedAt: await transactionTime(trx) }
  })
}

async function membership({ db, project }: ProjectContext, memberId: string) {
  const row = await rows.findMembership(db, project.id, memberId)
  if (!row) throw new DomainError('member_not_found', 'No such member in this project')
  return row
}
