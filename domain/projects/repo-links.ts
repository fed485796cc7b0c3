import type { PageQuery } from '#contract/common'
import type { CreateRepoLink, RepoLink } from '#contract/projects/repo-links'
import * as rows from '#db/queries/projects/repo-links'
import { audit } from '../audit/audit.ts'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { newId } from '../ids.ts'
import { type Page, idCursor, toPage } from '../paging.ts'
import { assertCan } from '../access/permissions.ts'
import { writingProject } from '../writing.ts'

const present = ({ created_at, ...row }: NonNullable<Awaited<ReturnType<typeof rows.insertRepoLink>>>): RepoLink => ({
  ...row,
  createdAt: created_at,
})

export async function listRepoLinks(context: ProjectContext, { limit, cursor }: PageQuery): Promise<Page<RepoLink>> {
  assertCan(context, 'project:read')
  const found = await rows.listRepoLinks(context.db, context.project.id, { after: idCursor(cursor), limit })
  return toPage(found, limit, (row) => [row.id], present)
}

export async function createRepoLink(context: ProjectContext, input: CreateRepoLink): Promise<RepoLink> {
  assertCan(context, 'project:update')
  return writingProject(context, async (trx) => {
    const row = await rows.insertRepoLink(trx, { id: newId(), project_id: context.project.id, ...input })
    if (!row) throw new DomainError('repo_link_exists', `${input.repository} is already linked with this branch and path`)
    const link = present(row)
    await audit(trx, context, 'repo-link.created', { kind: 'repo-link', id: link.id, name: link.repository }, { after: link })
    return link
  })
}

export async function deleteRepoLink(context: ProjectContext, linkId: string): Promise<{ id: string; deleted: true }> {
  assertCan(context, 'project:update')
  return writingProject(context, async (trx) => {
    const row = await rows.deleteRepoLink(trx, context.project.id, linkId)
    if (!row) throw new DomainError('repo_link_not_found', 'No such repo link')
    await audit(
      trx,
      context,
      'repo-link.deleted',
      { kind: 'repo-link', id: linkId, name: row.repository },
      { before: present(row) },
    )
    return { id: linkId, deleted: true }
  })
}
