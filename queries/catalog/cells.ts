import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { cellUsageOperations } from '#contract/data/cell-usage'
import { cellOperations } from '#contract/catalog/cells'
import { call, callAll, callPage } from '../call.ts'
import { isNotAbout, projectsKey } from '../projects/projects.ts'

export const cellsQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'cells'],
    queryFn: ({ signal }) => callAll(cellOperations.list, { params: { o: org, p: project }, signal }),
  })

/** How many entities each cell holds in an environment, with its usage against its limits. */
export const cellUsageQuery = (org: string, project: string, env: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'cell-usage', env],
    queryFn: ({ signal }) => call(cellUsageOperations.get, { params: { o: org, p: project }, query: { env }, signal }),
  })

/** The first members of a cell in an environment. */
export const firstCellMembersQuery = (org: string, project: string, name: string, env: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'cells', name, 'members', env],
    queryFn: ({ signal }) =>
      callPage(cellOperations.listMembers, { params: { o: org, p: project, name }, query: { env, limit: 10 }, signal }),
  })

export function useDeleteCell(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ name, force }: { name: string; force: boolean }) =>
      call(cellOperations.delete, { params: { o: org, p: project, name }, ...(force && { query: { force: 'true' } }) }),
    onSuccess: (_, { name }) =>
      client.invalidateQueries({ queryKey: [...projectsKey(org), project], predicate: isNotAbout(name) }),
  })
}
