import type { Metadata } from 'next'
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
  return <ProjectReview org={org} project={project} />
}
