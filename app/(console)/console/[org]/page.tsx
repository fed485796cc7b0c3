import type { Metadata } from 'next'
import { ProjectsTable } from './projects-table.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Projects · ${org}` }
}

export default async function ProjectsPage({ params }: PageProps) {
  const { org } = await params
  return <ProjectsTable org={org} />
}
