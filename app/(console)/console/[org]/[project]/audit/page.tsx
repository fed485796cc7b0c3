import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { auditChainQuery, auditEventsQuery } from '#queries/audit/events'
import { accessQuery } from '#queries/review/access'
import { ProjectAudit } from './project-audit.tsx'

type Props = { params: Promise<{ org: string; project: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Audit log · ${(await params).project}` }
}

export default async function AuditPage({ params }: Props) {
  const { org, project } = await params
  return (
    <HydrationBoundary
      state={await pageData(
        accessQuery(org, project),
        auditEventsQuery(org, project, { limit: 50 }),
        auditChainQuery(org, project),
      )}
    >
      <ProjectAudit org={org} project={project} />
    </HydrationBoundary>
  )
}
