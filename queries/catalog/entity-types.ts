import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { entityTypeOperations } from '#contract/catalog/entity-types'
import { call, callAll } from '../call.ts'
import { projectsKey } from '../projects/projects.ts'

export const entityTypesQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'entity-types'],
    queryFn: ({ signal }) => callAll(entityTypeOperations.list, { params: { o: org, p: project }, signal }),
  })

export function useDeleteEntityType(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => call(entityTypeOperations.delete, { params: { o: org, p: project, name } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [...projectsKey(org), project] }),
  })
}
