import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { Role } from '#contract/common'
import type { Revocable } from '#contract/members/made-by'
import type { UpdateOrganization } from '#contract/organizations/organizations'
import { call, callAll, callPage } from '../call.ts'
import { isNotAbout } from '../projects/projects.ts'

export const organizationsQuery = () =>
  queryOptions({ queryKey: ['orgs'], queryFn: ({ signal }) => callAll('GET /orgs', { signal }) })

export const organizationQuery = (org: string) =>
  queryOptions({
    queryKey: ['orgs', org, 'organization'],
    queryFn: ({ signal }) => call('GET /orgs/{orgId}', { params: { orgId: org }, signal }),
  })

/** What the caller may do in the organization, with the reason for what they may not. */
export const organizationAccessQuery = (org: string) =>
  queryOptions({
    queryKey: ['orgs', org, 'access'],
    queryFn: ({ signal }) => call('GET /orgs/{orgId}/access', { params: { orgId: org }, signal }),
  })

/** People to pick from. */
export const organizationMembersQuery = (org: string, q = '') =>
  queryOptions({
    queryKey: ['orgs', org, 'members', q],
    queryFn: ({ signal }) => call('GET /orgs/{orgId}/members', { params: { orgId: org }, query: { q, limit: 50 }, signal }),
  })

type PeopleFilter = {
  q?: string
  role?: Role | undefined
  secondFactor?: 'yes' | 'no' | undefined
  cursor?: string | undefined
}

/** The list of people, page by page. */
export const peopleQuery = (org: string, filter: PeopleFilter = {}) =>
  queryOptions({
    queryKey: ['orgs', org, 'members', 'page', filter],
    queryFn: ({ signal }) => callPage('GET /orgs/{orgId}/members', { params: { orgId: org }, query: filter, signal }),
  })

export const personQuery = (org: string, userId: string) =>
  queryOptions({
    queryKey: ['orgs', org, 'members', userId],
    queryFn: ({ signal }) => call('GET /orgs/{orgId}/members/{userId}', { params: { orgId: org, userId }, signal }),
  })

/** How much the removal of a person would end, and what would refuse it. */
export const removalPreviewQuery = (org: string, userId: string) =>
  queryOptions({
    queryKey: ['orgs', org, 'members', userId, 'removal'],
    queryFn: ({ signal }) =>
      call('GET /orgs/{orgId}/members/{userId}/removal-preview', { params: { orgId: org, userId }, signal }),
    // Counted anew for each question.
    staleTime: 0,
  })

/** What a person created in the organization and what of it still works. */
export const personMadeQuery = (org: string, userId: string) =>
  queryOptions({
    queryKey: ['orgs', org, 'members', userId, 'made'],
    queryFn: ({ signal }) => call('GET /orgs/{orgId}/members/{userId}/made', { params: { orgId: org, userId }, signal }),
  })

/** How many tokens live longer than this many days. */
export const tokenLifetimesQuery = (org: string, days: number) =>
  queryOptions({
    queryKey: ['orgs', org, 'token-lifetimes', days],
    queryFn: ({ signal }) => call('GET /orgs/{orgId}/token-lifetimes', { params: { orgId: org }, query: { days }, signal }),
  })

export function useUpdateOrganization(org: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof UpdateOrganization>) => call('PATCH /orgs/{orgId}', { params: { orgId: org }, body }),
    // The organization switcher shows the name.
    onSuccess: () => client.invalidateQueries({ queryKey: ['orgs'] }),
  })
}

export function useSetOrganizationRole(org: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ userId, role }: { userId: string; role: Role }) =>
      call('PATCH /orgs/{orgId}/members/{userId}', { params: { orgId: org, userId }, body: { role } }),
    // Roles in an organization decide what everybody sees of it.
    onSuccess: () => client.invalidateQueries({ queryKey: ['orgs', org] }),
  })
}

/** Removes a person. People who leave navigate away first, so nothing of the organization reloads for them. */
export function useRemovePerson(org: string, { self }: { self: boolean }) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ userId, revoke, reason }: { userId: string; revoke: readonly Revocable[]; reason: string | null }) =>
      call('DELETE /orgs/{orgId}/members/{userId}', {
        params: { orgId: org, userId },
        ...(revoke.length > 0 && { query: { revoke: revoke.join() } }),
        body: { reason },
      }),
    onSuccess: (_, { userId }) =>
      self ? undefined : client.invalidateQueries({ queryKey: ['orgs', org], predicate: isNotAbout(userId) }),
  })
}
