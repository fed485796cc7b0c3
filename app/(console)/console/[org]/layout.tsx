import { HydrationBoundary } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { pageData } from '#server/front/page-data'
import { meQuery } from '#queries/accounts/me'
import { organizationQuery } from '#queries/organizations/organizations'
import { OrganizationFrame } from './_frame/organization-frame.tsx'

export default async function OrganizationLayout({
  params,
  children,
}: {
  params: Promise<{ org: string }>
  children: ReactNode
}) {
  const { org } = await params
  return (
    <HydrationBoundary state={await pageData(meQuery(), organizationQuery(org))}>
      <OrganizationFrame org={org}>{children}</OrganizationFrame>
    </HydrationBoundary>
  )
}
