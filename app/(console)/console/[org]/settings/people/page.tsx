import type { Metadata } from 'next'
import { setting } from '#config/environment'
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
  return <PeopleTable org={org} hasMail={setting('BULKHEAD_SMTP_URL') !== undefined} />
}
