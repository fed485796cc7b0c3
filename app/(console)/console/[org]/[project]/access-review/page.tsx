import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { pageData } from '#server/front/page-data'
import { accessQuery } from '#queries/review/access'
import { accessReviewQuery } from '#queries/review/access-review'
import { ProjectReview } from './project-review.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Access review · ${project}` }
}

export default async function ProjectReviewPage({ params }: PageProps) {
  const { org, project } = await params
  return (
    <HydrationBoundary
      state={await pageData(accessQuery(org, project), accessReviewQuery(org, project, { days: 90, within: 7, limit: 100 }))}
    >
      <ProjectReview org={org} project={project} />
    </HydrationBoundary>
  )
}
