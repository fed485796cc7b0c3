import type { Metadata } from 'next'
import { MembersTable } from './members-table.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Members · ${project}` }
}

export default async function MembersPage({ params }: PageProps) {
  const { org, project } = await params
  return <MembersTable org={org} project={project} />
}
