import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, callAll, callPage } from '../call.ts'
import { isNotAbout, projectsKey } from '../projects/projects.ts'

export const cellsQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'cells'],
    queryFn: ({ signal }) => callAll('GET /{o}/{p}/cells', { params: { o: org, p: project }, signal }),
  })

/** How many entities each cell holds in an environment, with its usage against its limits. */
export const cellUsageQuery = (org: string, project: string, env: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'cell-usage', env],
    queryFn: ({ signal }) => call('GET /{o}/{p}/cell-usage', { params: { o: org, p: project }, query: { env }, signal }),
  })

/** The first members of a cell in an environment. */
export const firstCellMembersQuery = (org: string, project: string, name: string, env: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'cells', name, 'members', env],
    queryFn: ({ signal }) =>
      callPage('GET /{o}/{p}/cells/{name}/members', { params: { o: org, p: project, name }, query: { env, limit: 10 }, signal }),
  })

export function useDeleteCell(org: string, project: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ name, force }: { name: string; force: boolean }) =>
      call('DELETE /{o}/{p}/cells/{name}', { params: { o: org, p: project, name }, ...(force && { query: { force: 'true' } }) }),
    onSuccess: (_, { name }) =>
      client.invalidateQueries({ queryKey: [...projectsKey(org), project], predicate: isNotAbout(name) }),
  })
}
