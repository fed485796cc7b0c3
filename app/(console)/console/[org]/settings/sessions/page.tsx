import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { sessionsQuery } from '#queries/accounts/sessions'
import { SessionsTable } from './sessions-table.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Sessions · ${org}` }
}

export default async function SessionsPage() {
  return (
    <HydrationBoundary state={await pageData(sessionsQuery())}>
      <SessionsTable />
    </HydrationBoundary>
  )
}
