import { queryOptions } from '@tanstack/react-query'
import { usageOperations } from '#contract/limits/usage'
import { call } from '../call.ts'

/** The organization's usage and quotas. */
export const usageQuery = (org: string) =>
  queryOptions({
    queryKey: ['orgs', org, 'usage'],
    queryFn: ({ signal }) => call(usageOperations.get, { params: { orgId: org }, signal }),
  })
