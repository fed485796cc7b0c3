import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { webhooksQuery } from '#queries/webhooks/webhooks'
import { WebhooksTable } from './webhooks-table.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Webhooks · ${org}` }
}

export default async function WebhooksPage({ params }: PageProps) {
  const { org } = await params
  return (
    <HydrationBoundary state={await pageData(organizationAccessQuery(org), webhooksQuery(org))}>
      <WebhooksTable org={org} />
    </HydrationBoundary>
  )
}
