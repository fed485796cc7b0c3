import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { environmentOperations } from '#contract/projects/environments'
import { call, callAll } from '../call.ts'
import { projectsKey } from './projects.ts'

const key = (org: string, project: string) => [...projectsKey(org), project, 'environments'] as const

export const environmentsQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: key(org, project),
    queryFn: ({ signal }) => callAll(environmentOperations.list, { params: { o: org, p: project }, signal }),
  })

export function useCreateEnvironment(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => call(environmentOperations.create, { params: { o: org, p: project }, body: { name } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [...projectsKey(org), project] }),
  })
}

export function useDeleteEnvironment(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (envName: string) => call(environmentOperations.delete, { params: { o: org, p: project, envName } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [...projectsKey(org), project] }),
  })
}
