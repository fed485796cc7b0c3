import type { Metadata } from 'next'
import { EnvironmentsTable } from './environments-table.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Environments · ${project}` }
}

export default async function EnvironmentsPage({ params }: PageProps) {
  const { org, project } = await params
  return <EnvironmentsTable org={org} project={project} />
}
