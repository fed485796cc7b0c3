import { queryOptions } from '@tanstack/react-query'
import { call } from '../call.ts'

/** The organization's usage and quotas. */
export const usageQuery = (org: string) =>
  queryOptions({
    queryKey: ['orgs', org, 'usage'],
    queryFn: ({ signal }) => call('GET /orgs/{orgId}/usage', { params: { orgId: org }, signal }),
  })
