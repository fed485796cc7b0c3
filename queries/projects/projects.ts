import { type Query, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { CreateProject, SetProtection, UpdateProject } from '#contract/projects/projects'
import type { SummaryFilter, SummaryQuery } from '#contract/projects/summaries'
import { call, callPage } from '../call.ts'

export type ProjectsFilter = Partial<z.input<typeof SummaryQuery>>

/** The key of everything about an organization's projects, which becomes stale together. */
export const projectsKey = (org: string) => ['orgs', org, 'projects'] as const

/** For reloads after a deletion: skips queries about what is `gone`, which would fail while its panel is closing. */
export const isNotAbout =
  (gone: string | undefined) =>
  ({ queryKey }: Pick<Query, 'queryKey'>) =>
    !queryKey.includes(gone)

export const projectSummariesQuery = (org: string, filter: ProjectsFilter = {}) =>
  queryOptions({
    queryKey: [...projectsKey(org), 'summaries', filter],
    queryFn: ({ signal }) => callPage('GET /orgs/{orgId}/project-summaries', { params: { orgId: org }, query: filter, signal }),
  })

/** How many projects such a list has. */
export const projectCountQuery = (org: string, filter: z.input<typeof SummaryFilter>) =>
  queryOptions({
    queryKey: [...projectsKey(org), 'summaries', 'count', filter],
    queryFn: ({ signal }) => call('GET /orgs/{orgId}/project-count', { params: { orgId: org }, query: filter, signal }),
  })

/** The first of the caller's favorites by name. */
export const favoritesQuery = (org: string) => projectSummariesQuery(org, { favorite: 'yes', sort: 'name', limit: 8 })

/** Adds a project to the caller's favorites, or removes it. */
export function useFavorite(org: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ project, favorite }: { project: string; favorite: boolean }) => {
      const params = { orgId: org, projectId: project }
      return favorite
        ? call('PUT /orgs/{orgId}/favorites/{projectId}', { params })
        : call('DELETE /orgs/{orgId}/favorites/{projectId}', { params })
    },
    onSettled: () => client.invalidateQueries({ queryKey: [...projectsKey(org), 'summaries'] }),
  })
}

/** The first 50 projects whose name matches. */
export const projectsQuery = (org: string, q = '') =>
  queryOptions({
    queryKey: [...projectsKey(org), { names: q }],
    queryFn: ({ signal }) =>
      call('GET /orgs/{orgId}/projects', { params: { orgId: org }, query: { q, sort: 'name', limit: 50 }, signal }),
  })

export const projectQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project],
    queryFn: ({ signal }) =>
      call('GET /orgs/{orgId}/projects/{projectId}', { params: { orgId: org, projectId: project }, signal }),
  })

export function useCreateProject(org: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: CreateProject) => call('POST /orgs/{orgId}/projects', { params: { orgId: org }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: projectsKey(org) }),
  })
}

/** Creates a sample project to explore. */
export function useCreateSampleProject(org: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call('POST /orgs/{orgId}/sample-project', { params: { orgId: org } }),
    // Not awaited: reloading the list removes the button that continues.
    onSuccess: () => void client.invalidateQueries({ queryKey: projectsKey(org) }),
  })
}

export function useUpdateProject(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof UpdateProject>) =>
      call('PUT /orgs/{orgId}/projects/{projectId}', { params: { orgId: org, projectId: project }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: projectsKey(org) }),
  })
}

/** Deletes the project. The caller must leave its pages. */
export function useDeleteProject(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (reason: string | null) =>
      call('DELETE /orgs/{orgId}/projects/{projectId}', { params: { orgId: org, projectId: project }, body: { reason } }),
    onSuccess: () => client.invalidateQueries({ queryKey: projectsKey(org), refetchType: 'none' }),
  })
}

export const deletedProjectsQuery = (org: string, cursor?: string) =>
  queryOptions({
    // An object, not a word: any word may be a project's slug.
    queryKey: [...projectsKey(org), { deleted: true, cursor }],
    queryFn: ({ signal }) =>
      callPage('GET /orgs/{orgId}/deleted-projects', { params: { orgId: org }, query: { cursor }, signal }),
  })

/** By id: a deleted project cannot be found by its slug. */
export function useRestoreProject(org: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ projectId, reason }: { projectId: string; reason: string | null }) =>
      call('POST /orgs/{orgId}/projects/{projectId}/restore', { params: { orgId: org, projectId }, body: { reason } }),
    onSuccess: () => client.invalidateQueries({ queryKey: projectsKey(org) }),
  })
}

/** By id too. Its slug is free afterwards. */
export function usePurgeProject(org: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ projectId, confirm }: { projectId: string; confirm: string }) =>
      call('DELETE /orgs/{orgId}/deleted-projects/{projectId}', { params: { orgId: org, projectId }, body: { confirm } }),
    onSuccess: () => client.invalidateQueries({ queryKey: projectsKey(org) }),
  })
}

export const protectionQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'protection'],
    queryFn: ({ signal }) =>
      call('GET /orgs/{orgId}/projects/{projectId}/protection', { params: { orgId: org, projectId: project }, signal }),
  })

export function useSetProtection(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof SetProtection>) =>
      call('PUT /orgs/{orgId}/projects/{projectId}/protection', { params: { orgId: org, projectId: project }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: projectsKey(org) }),
  })
}
