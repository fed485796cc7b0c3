import { queryOptions } from '@tanstack/react-query'
import { usageOperations } from '#contract/limits/usage'
import { call } from '../call.ts'

/** What the organisation uses, and how much it may. */
export const usageQuery = (org: string) =>
  queryOptions({
    queryKey: ['orgs', org, 'usage'],
    queryFn: ({ signal }) => call(usageOperations.get, { params: { orgId: org }, signal }),
  })
