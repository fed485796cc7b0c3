import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, callPage } from '../call.ts'
import { projectsKey } from '../projects/projects.ts'

/** Newest first. */
export const catalogRevisionsQuery = (org: string, project: string, cursor?: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'catalog-revisions', { cursor }],
    queryFn: ({ signal }) =>
      callPage('GET /{o}/{p}/catalog-revisions', {
        params: { o: org, p: project },
        query: { limit: 50, ...(cursor && { cursor }) },
        signal,
      }),
  })

export const catalogRevisionQuery = (org: string, project: string, revisionId: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'catalog-revisions', revisionId],
    queryFn: ({ signal }) =>
      call('GET /{o}/{p}/catalog-revisions/{revisionId}', { params: { o: org, p: project, revisionId }, signal }),
  })

/** The difference between two revisions, or to the current catalog when `to` is null. */
export const catalogDifferenceQuery = (org: string, project: string, revisionId: string, to: string | null) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'catalog-revisions', revisionId, 'diff', to],
    queryFn: ({ signal }) =>
      call('GET /{o}/{p}/catalog-revisions/{revisionId}/diff', {
        params: { o: org, p: project, revisionId },
        query: { ...(to !== null && { with: to }) },
        signal,
      }),
  })

/** What applying a revision again would change now. */
export const applyRevisionPreviewQuery = (org: string, project: string, revisionId: string, force: boolean) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'catalog-revisions', revisionId, 'preview', force],
    queryFn: () =>
      call('POST /{o}/{p}/catalog-revisions/{revisionId}/apply', {
        params: { o: org, p: project, revisionId },
        body: { force, dryRun: true },
      }),
    staleTime: 0,
    gcTime: 0,
  })

export function useApplyCatalogRevision(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ revisionId, force }: { revisionId: string; force: boolean }) =>
      call('POST /{o}/{p}/catalog-revisions/{revisionId}/apply', {
        params: { o: org, p: project, revisionId },
        body: { force, dryRun: false },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: [...projectsKey(org), project] }),
  })
}
