import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { activityQuery, auditEventsQuery } from '#queries/audit/events'
import { cellUsageQuery } from '#queries/catalog/cells'
import { membersQuery } from '#queries/members/members'
import { wipesQuery } from '#queries/nuke/nuke'
import { environmentsQuery } from '#queries/projects/environments'
import { projectQuery, protectionQuery } from '#queries/projects/projects'
import { statsQuery } from '#queries/projects/stats'
import { accessQuery } from '#queries/review/access'
import { latest } from './_overview/latest.ts'
import { Overview } from './_overview/overview.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Overview · ${project}` }
}

export default async function OverviewPage({ params }: PageProps) {
  const { org, project } = await params
  const state = await pageData(
    projectQuery(org, project),
    accessQuery(org, project),
    statsQuery(org, project),
    protectionQuery(org, project),
    environmentsQuery(org, project),
    membersQuery(org, project),
    activityQuery(org, project),
    auditEventsQuery(org, project, latest),
    wipesQuery(org, project),
    // Most projects keep the name of their first environment; for others the browser asks.
    cellUsageQuery(org, project, 'default'),
  )
  return (
    <HydrationBoundary state={state}>
      <Overview org={org} project={project} />
    </HydrationBoundary>
  )
}
