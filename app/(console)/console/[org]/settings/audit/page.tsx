import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { auditEventsQuery } from '#queries/audit/events'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { OrganizationAudit } from './organization-audit.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Audit log · ${org}` }
}

export default async function OrganizationAuditPage({ params }: PageProps) {
  const { org } = await params
  return (
    <HydrationBoundary state={await pageData(organizationAccessQuery(org), auditEventsQuery(org, undefined, { limit: 50 }))}>
      <OrganizationAudit org={org} />
    </HydrationBoundary>
  )
}
