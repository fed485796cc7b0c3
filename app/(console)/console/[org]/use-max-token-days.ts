import { useQuery } from '@tanstack/react-query'
import { organizationQuery } from '#queries/organizations/organizations'

/** The organization's limit on token lifetime in days. The frame has already loaded it. */
export const useMaxTokenDays = (org: string) => useQuery(organizationQuery(org)).data?.maxTokenLifetimeDays
