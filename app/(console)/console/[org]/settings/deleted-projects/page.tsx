import type { Metadata } from 'next'
import { DeletedProjectsTable } from './deleted-projects-table.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Deleted projects · ${org}` }
}

export default async function DeletedProjectsPage({ params }: PageProps) {
  const { org } = await params
  return <DeletedProjectsTable org={org} />
}
