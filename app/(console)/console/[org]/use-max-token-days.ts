import { useQuery } from '@tanstack/react-query'
import { organizationQuery } from '#queries/organizations/organizations'

/** How many days the organisation lets tokens live; the frame has asked already. */
export const useMaxTokenDays = (org: string) => useQuery(organizationQuery(org)).data?.maxTokenLifetimeDays
