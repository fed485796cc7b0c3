import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { ReviewEntry, ReviewQuery } from '#contract/review/access-review'
import type { Role } from '#contract/common'
import type { Revocable } from '#contract/members/made-by'
import { call, callPage, urlOf } from '../call.ts'
import { batchesOf, inTurn } from '../in-turn.ts'
import { projectsKey } from '../projects/projects.ts'

export type ReviewFilter = Partial<z.input<typeof ReviewQuery>>

/** The key of everything about access to one project. */
export const projectReviewKey = (org: string, project: string) => [...projectsKey(org), project, 'access-review'] as const

/** Who has access to one project, or to the organization and all of its projects. */
export const accessReviewQuery = (org: string, project: string | undefined, filter: ReviewFilter) =>
  queryOptions({
    queryKey:
      project === undefined
        ? (['orgs', org, 'access-review', filter] as const)
        : ([...projectReviewKey(org, project), filter] as const),
    queryFn: ({ signal }) => {
      if (project === undefined)
        return callPage('GET /orgs/{orgId}/access-review', { params: { orgId: org }, query: filter, signal })
      const { project: _, ...query } = filter
      return callPage('GET /orgs/{orgId}/projects/{projectId}/access-review', {
        params: { orgId: org, projectId: project },
        query,
        signal,
      })
    },
  })

/** What one person has: their memberships, or their personal tokens. */
export const personGrantsQuery = (org: string, userId: string, kind: 'membership' | 'personal-token', cursor?: string) =>
  queryOptions({
    // With the person's id, so that nothing asks again once they are removed.
    queryKey: ['orgs', org, 'members', userId, 'grants', kind, cursor] as const,
    queryFn: ({ signal }) =>
      callPage('GET /orgs/{orgId}/access-review', {
        params: { orgId: org },
        query: { userId, kind, limit: 50, ...(cursor && { cursor }) },
        signal,
      }),
  })

/** The most members and tokens that are counted. */
export const MOST_ENDING_SOON = 200

/** The members and tokens of a project that expire within a week. */
export const endingSoonQuery = (org: string, project: string) =>
  accessReviewQuery(org, project, { reason: 'expiring', within: 7, limit: MOST_ENDING_SOON })

/** The download URL of the same review. */
export function accessReviewUrl(
  org: string,
  project: string | undefined,
  { project: among, ...query }: ReviewFilter & { format: 'csv' | 'ndjson' },
) {
  return project === undefined
    ? urlOf('GET /orgs/{orgId}/access-review/export', { params: { orgId: org }, query: { ...query, project: among } })
    : urlOf('GET /orgs/{orgId}/projects/{projectId}/access-review/export', { params: { orgId: org, projectId: project }, query })
}

/** A change to an access: another role (of a member), another expiry, or its removal. */
export type ReviewChange = { kind: 'change'; role?: Role; expiresAt?: string | null } | { kind: 'remove'; revoke?: Revocable[] }

/** Applies one change to several members and tokens of any projects. `onResult` gets each result. */
export function useReviewChanges(org: string, onResult: (id: string, error: Error | null) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ entries, change }: { entries: readonly ReviewEntry[]; change: ReviewChange }) => {
      const of = (only: ReviewEntry['kind']) => entries.filter(({ kind }) => kind === only)
      const members = batchesOf(of('membership'), async (some) => (await changeMembers(org, some, change)).outcomes)
      const changeOne = async ([token]: readonly ReviewEntry[]) => {
        await changeToken(org, token!, change)
        return [{ index: 0, error: null }]
      }
      // Tokens first: a member's removal may revoke them too.
      return inTurn([...batchesOf(of('project-token'), changeOne, 1), ...members], ({ id }, error) => onResult(id, error))
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['orgs', org] }),
  })
}

function changeMembers(org: string, members: readonly ReviewEntry[], change: ReviewChange) {
  const changes = members.map(({ project, userId }) => {
    const whom = { projectId: project!.id, userId: userId! }
    if (change.kind === 'remove') return { action: 'remove', ...whom, ...(change.revoke && { revoke: change.revoke }) }
    const { kind: _, ...body } = change
    return { action: 'update', ...whom, ...body }
  })
  return call('POST /orgs/{orgId}/member-changes', { params: { orgId: org }, body: { changes } })
}

async function changeToken(org: string, { id: tokenId, project }: ReviewEntry, change: ReviewChange): Promise<void> {
  const params = { o: org, p: project!.id, tokenId }
  if (change.kind === 'remove') await call('DELETE /{o}/{p}/tokens/{tokenId}', { params })
  else await call('PATCH /{o}/{p}/tokens/{tokenId}', { params, body: { expiresAt: change.expiresAt } })
}
