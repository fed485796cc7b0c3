import { queryOptions } from '@tanstack/react-query'
import { call } from '../call.ts'
import { projectsKey } from './projects.ts'

/** Counts by table, environment and cell, as far as the caller may see them. */
export const statsQuery = (org: string, project: string) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'stats'],
    queryFn: ({ signal }) => call('GET /{o}/{p}/stats', { params: { o: org, p: project }, signal }),
  })

/** How many entities a scope shows, and of how many. `cells` null means every cell, `env` null every environment. */
export const scopePreviewQuery = (org: string, project: string, { cells, env }: { cells: string[] | null; env: string | null }) =>
  queryOptions({
    queryKey: [...projectsKey(org), project, 'scope-preview', cells, env],
    queryFn: ({ signal }) =>
      call('GET /{o}/{p}/scope-preview', {
        params: { o: org, p: project },
        query: { ...(cells && { cells: JSON.stringify(cells) }), ...(env && { env }) },
        signal,
      }),
  })
