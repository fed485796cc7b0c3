import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, callAll } from '../call.ts'
import { projectsKey } from '../projects/projects.ts'

/** The project's secret slots, and whether each has a value in this environment. */
export const secretsQuery = (org: string, project: string, envName: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'secrets', envName],
    queryFn: ({ signal }) => callAll('GET /{o}/{p}/envs/{envName}/secrets', { params: { o: org, p: project, envName }, signal }),
  })

interface Where {
  envName: string
  name: string
}

export function useSetSecretValue(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    // Not cached: the sent value would stay in the page's memory.
    gcTime: 0,
    mutationFn: ({ value, ...where }: Where & { value: string }) =>
      call('PUT /{o}/{p}/envs/{envName}/secrets/{name}/value', { params: { o: org, p: project, ...where }, body: { value } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [...projectsKey(org), project] }),
  })
}

export function useDeleteSecretValue(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (where: Where) =>
      call('DELETE /{o}/{p}/envs/{envName}/secrets/{name}/value', { params: { o: org, p: project, ...where } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [...projectsKey(org), project] }),
  })
}

/** Deletes the slot with its values in every environment. */
export function useDeleteSecret(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (where: Where) =>
      call('DELETE /{o}/{p}/envs/{envName}/secrets/{name}', { params: { o: org, p: project, ...where } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [...projectsKey(org), project] }),
  })
}
