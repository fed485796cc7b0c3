import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, callAll } from '../call.ts'
import { projectsKey } from './projects.ts'

const key = (org: string, project: string) => [...projectsKey(org), project, 'environments'] as const

export const environmentsQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: key(org, project),
    queryFn: ({ signal }) => callAll('GET /{o}/{p}/environments', { params: { o: org, p: project }, signal }),
  })

export function useCreateEnvironment(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => call('POST /{o}/{p}/environments', { params: { o: org, p: project }, body: { name } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [...projectsKey(org), project] }),
  })
}

export function useDeleteEnvironment(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (envName: string) => call('DELETE /{o}/{p}/environments/{envName}', { params: { o: org, p: project, envName } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [...projectsKey(org), project] }),
  })
}
