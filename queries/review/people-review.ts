import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { PeopleReviewQuery, ReviewedPerson } from '#contract/review/people-review'
import { call, callPage, urlOf } from '../call.ts'

export type PeopleReviewFilter = Partial<z.input<typeof PeopleReviewQuery>>

const key = (org: string) => ['orgs', org, 'people-review'] as const

/** People by the risk of their access. */
export const peopleReviewQuery = (org: string, filter: PeopleReviewFilter) =>
  queryOptions({
    queryKey: [...key(org), filter] as const,
    queryFn: ({ signal }) =>
      callPage('GET /orgs/{orgId}/access-review/people', { params: { orgId: org }, query: filter, signal }),
  })

/** How many people have each mark. */
export const riskCountsQuery = (org: string, days: number) =>
  queryOptions({
    queryKey: [...key(org), 'risks', days] as const,
    queryFn: ({ signal }) => call('GET /orgs/{orgId}/access-review/risks', { params: { orgId: org }, query: { days }, signal }),
  })

/** The download URL of the same review. */
export const peopleReviewUrl = (org: string, query: PeopleReviewFilter & { format: 'csv' | 'ndjson' }) =>
  urlOf('GET /orgs/{orgId}/access-review/people/export', { params: { orgId: org }, query })

/** Marks people as reviewed, as they were shown. Answers how many were, and why the others were not. */
export function useMarkReviewed(org: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (people: readonly ReviewedPerson[]) => {
      const problems: string[] = []
      for (const { userId, fingerprint } of people) {
        const params = { orgId: org, userId }
        // One after the other: the rate limit counts each.
        // oxlint-disable-next-line no-await-in-loop
        await call('PUT /orgs/{orgId}/access-review/people/{userId}', { params, body: { fingerprint } }).catch((error: Error) =>
          problems.push(error.message),
        )
      }
      return { done: people.length - problems.length, problems }
    },
    onSettled: () => client.invalidateQueries({ queryKey: key(org) }),
  })
}
