import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { CreateRepoLink } from '#contract/projects/repo-links'
import { call, callAll } from '../call.ts'
import { projectsKey } from './projects.ts'

const key = (org: string, project: string) => [...projectsKey(org), project, 'repo-links'] as const

export const repoLinksQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: key(org, project),
    queryFn: ({ signal }) => callAll('GET /{o}/{p}/repo-links', { params: { o: org, p: project }, signal }),
  })

export function useCreateRepoLink(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof CreateRepoLink>) =>
      call('POST /{o}/{p}/repo-links', { params: { o: org, p: project }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: key(org, project) }),
  })
}

export function useDeleteRepoLink(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (linkId: string) => call('DELETE /{o}/{p}/repo-links/{linkId}', { params: { o: org, p: project, linkId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: key(org, project) }),
  })
}
