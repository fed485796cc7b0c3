import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { type InEnvironment } from './data/entities.ts'
import { projectsKey } from './projects/projects.ts'

/** How many of each kind a search shows. */
const limit = 8

/** The first of each list that match a text. They are the lists themselves, so a search finds what they show, and no more. */
export const found = {
  people: (org: string, q: string) =>
    queryOptions({
      queryKey: ['orgs', org, 'members', 'found', q],
      queryFn: ({ signal }) => call('GET /orgs/{orgId}/members', { params: { orgId: org }, query: { q, limit }, signal }),
    }),
  projects: (org: string, q: string) =>
    queryOptions({
      queryKey: [...projectsKey(org), 'found', q],
      queryFn: ({ signal }) =>
        call('GET /orgs/{orgId}/projects', { params: { orgId: org }, query: { q, sort: 'name', limit }, signal }),
    }),
  members: (org: string, project: string, q: string) =>
    queryOptions({
      queryKey: [...projectsKey(org), project, 'members', 'found', q],
      queryFn: ({ signal }) =>
        call('GET /orgs/{orgId}/projects/{projectId}/members', {
          params: { orgId: org, projectId: project },
          query: { q, limit },
          signal,
        }),
    }),
  cells: (org: string, project: string, q: string) =>
    queryOptions({
      queryKey: [...projectsKey(org), project, 'cells', 'found', q],
      queryFn: ({ signal }) => call('GET /{o}/{p}/cells', { params: { o: org, p: project }, query: { q, limit }, signal }),
    }),
  tokens: (org: string, project: string, q: string) =>
    queryOptions({
      queryKey: [...projectsKey(org), project, 'tokens', 'found', q],
      queryFn: ({ signal }) => call('GET /{o}/{p}/tokens', { params: { o: org, p: project }, query: { q, limit }, signal }),
    }),
  entities: ({ org, project, env }: InEnvironment, q: string) =>
    queryOptions({
      queryKey: [...projectsKey(org), project, 'entities', env, 'found', q],
      queryFn: ({ signal }) =>
        call('GET /{o}/{p}/envs/{envName}/entities', {
          params: { o: org, p: project, envName: env },
          query: { q, limit },
          signal,
        }),
    }),
}
