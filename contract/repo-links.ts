import { z } from 'zod'
import { Id, PageQuery, Time } from './common.ts'
import { operation } from './operation.ts'

export const RepoLink = z.object({
  id: Id,
  provider: z.string(),
  repository: z.string(),
  branch: z.string(),
  path: z.string(),
  createdAt: Time,
})
export type RepoLink = z.infer<typeof RepoLink>

export const CreateRepoLink = z.strictObject({
  provider: z.enum(['github', 'gitlab', 'bitbucket', 'gitea']),
  repository: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/, 'must be owner/name'),
  branch: z
    .string()
    .max(200)
    .regex(/^[^\s~^:?*[\\]+$/, 'must be a branch name')
    .default('main'),
  path: z
    .string()
    .max(500)
    .regex(/^\/(?!.*\.\.)[^\p{Cc}]*$/u, 'must begin with / and not climb out with ..')
    .default('/'),
})
export type CreateRepoLink = z.infer<typeof CreateRepoLink>

const all = '/{o}/{p}/repo-links'

export const repoLinkOperations = {
  list: operation({
    method: 'GET',
    path: all,
    tag: 'Repo links',
    summary: 'List repo links',
    permission: 'project:read',
    query: PageQuery,
    returns: RepoLink.array(),
  }),
  create: operation({
    method: 'POST',
    path: all,
    tag: 'Repo links',
    summary: 'Link a repository',
    permission: 'project:update',
    body: CreateRepoLink,
    returns: RepoLink,
    status: 201,
    errors: { 409: '`repo_link_exists`' },
  }),
  delete: operation({
    method: 'DELETE',
    path: `${all}/{linkId}`,
    tag: 'Repo links',
    summary: 'Unlink a repository',
    permission: 'project:update',
    returns: z.object({ id: Id, deleted: z.literal(true) }),
  }),
}
