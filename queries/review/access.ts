import { queryOptions } from '@tanstack/react-query'
import { call } from '../call.ts'
import { projectsKey } from '../projects/projects.ts'

/**
 * What the caller (or `userId`, or `tokenId`) may do in a project, with the reason for what they may not. With `env` and
 * `entity`: whether they see it and why.
 */
export const accessQuery = (
  org: string,
  project: string,
  about: { userId?: string; tokenId?: string; env?: string; entity?: string } = {},
) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'access', about],
    queryFn: ({ signal }) =>
      call('GET /orgs/{orgId}/projects/{projectId}/access', { params: { orgId: org, projectId: project }, query: about, signal }),
  })
