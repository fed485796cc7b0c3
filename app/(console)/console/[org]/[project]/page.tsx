import type { Metadata } from 'next'
import { Overview } from './overview.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Overview · ${project}` }
}

export default async function OverviewPage({ params }: PageProps) {
  const { org, project } = await params
  return <Overview org={org} project={project} />
}
