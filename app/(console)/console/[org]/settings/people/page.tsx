import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { setting } from '#config/environment'
import { pageData } from '#server/front/page-data'
import { organizationAccessQuery, peopleQuery } from '#queries/organizations/organizations'
import { PeopleTable } from './people-table.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `People · ${org}` }
}

export default async function PeoplePage({ params }: PageProps) {
  const { org } = await params
  return (
    <HydrationBoundary state={await pageData(organizationAccessQuery(org), peopleQuery(org, { q: '' }))}>
      <PeopleTable org={org} hasMail={setting('BULKHEAD_SMTP_URL') !== undefined} />
    </HydrationBoundary>
  )
}
