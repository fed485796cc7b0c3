import { z } from 'zod'
import { Id, PageQuery, Time } from '../common.ts'
import { operation } from '../operation.ts'

export const RepoLink = z.object({
  id: Id,
  provider: z.string(),
  repository: z.string(),
  branch: z.string(),
  path: z.string(),
  createdAt: Time,
})
export type RepoLink = z.infer<typeof RepoLink>

const climbs = (text: string) => text.split('/').some((part) => part === '.' || part === '..')

/** Accepts what `git check-ref-format --branch` accepts. */
const isBranch = (text: string) =>
  !/[\s\p{Cc}~^:?*[\\]|\.\.|@\{|^-|^@$|\.$/u.test(text) &&
  text.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))

export const CreateRepoLink = z.strictObject({
  provider: z.enum(['github', 'gitlab', 'bitbucket', 'gitea']),
  repository: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/, 'must have the form owner/name')
    .refine((text) => !climbs(text), 'must have the form owner/name')
    .refine((text) => !/\.git$/i.test(text), 'must have the form owner/name, without .git'),
  branch: z.string().max(200).refine(isBranch, 'must be a valid Git branch name').default('main'),
  path: z
    .string()
    .max(500)
    // The same folder makes the same link, with or without a trailing slash.
    .transform((path) => path.replace(/(?<=.)\/+$/, ''))
    .refine((path) => /^\/[^\p{Cc}\\]*$/u.test(path), 'must begin with / and not contain \\ or control characters')
    .refine((path) => !climbs(path) && !path.includes('//'), 'must not contain . or .. as a folder')
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
