import { queryOptions } from '@tanstack/react-query'
import { organizationOperations } from '#contract/organizations'
import { call, callAll, callPage } from './call.ts'

export const organizationsQuery = () =>
  queryOptions({ queryKey: ['orgs'], queryFn: ({ signal }) => callAll(organizationOperations.list, { signal }) })

export const organizationQuery = (org: string) =>
  queryOptions({
    queryKey: ['orgs', org, 'organization'],
    queryFn: ({ signal }) => call(organizationOperations.get, { params: { orgId: org }, signal }),
  })

/** What the caller may do in the organisation, with the reason where he may not. */
export const organizationAccessQuery = (org: string) =>
  queryOptions({
    queryKey: ['orgs', org, 'access'],
    queryFn: ({ signal }) => call(organizationOperations.access, { params: { orgId: org }, signal }),
  })

/** People to pick from. */
export const organizationMembersQuery = (org: string, q = '') =>
  queryOptions({
    queryKey: ['orgs', org, 'members', q],
    queryFn: ({ signal }) =>
      call(organizationOperations.listMembers, { params: { orgId: org }, query: { q, limit: 50 }, signal }),
  })

/** The list of people, page by page. */
export const peopleQuery = (org: string, filter: { q?: string; cursor?: string | undefined } = {}) =>
  queryOptions({
    queryKey: ['orgs', org, 'members', 'page', filter],
    queryFn: ({ signal }) => callPage(organizationOperations.listMembers, { params: { orgId: org }, query: filter, signal }),
  })
