import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, callPage } from '../call.ts'
import { projectsKey } from '../projects/projects.ts'

/** What a nuke would remove and what would stay. Reloads each time the dialog opens. */
export const nukePreviewQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'nuke', 'preview'],
    queryFn: ({ signal }) => call('GET /{o}/{p}/nuke/preview', { params: { o: org, p: project }, signal }),
    staleTime: 0,
    gcTime: 0,
  })

/** Receipts, newest first. */
export const wipesQuery = (org: string, project: string, cursor?: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'wipes', cursor ?? null],
    queryFn: ({ signal }) =>
      callPage('GET /orgs/{orgId}/projects/{projectId}/wipes', {
        params: { orgId: org, projectId: project },
        query: { limit: 20, cursor },
        signal,
      }),
  })

export function useNuke(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { confirm: string; reason: string | null }) =>
      call('DELETE /{o}/{p}/nuke', { params: { o: org, p: project }, body }),
    // Not awaited: the receipt shows at once.
    onSuccess: () => void client.invalidateQueries({ queryKey: projectsKey(org) }),
  })
}

export function useRestoreWipe(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ wipeId, reason }: { wipeId: string; reason: string | null }) =>
      call('POST /orgs/{orgId}/projects/{projectId}/wipes/{wipeId}/restore', {
        params: { orgId: org, projectId: project, wipeId },
        body: { reason },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: projectsKey(org) }),
  })
}

export function usePurgeWipe(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ wipeId, confirm }: { wipeId: string; confirm: string }) =>
      call('DELETE /orgs/{orgId}/projects/{projectId}/wipes/{wipeId}', {
        params: { orgId: org, projectId: project, wipeId },
        body: { confirm },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: projectsKey(org) }),
  })
}
