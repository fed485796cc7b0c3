import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, callAll } from '../call.ts'
import { projectsKey } from '../projects/projects.ts'

export const entityTypesQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'entity-types'],
    queryFn: ({ signal }) => callAll('GET /{o}/{p}/entity-types', { params: { o: org, p: project }, signal }),
  })

export function useDeleteEntityType(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => call('DELETE /{o}/{p}/entity-types/{name}', { params: { o: org, p: project, name } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [...projectsKey(org), project] }),
  })
}
