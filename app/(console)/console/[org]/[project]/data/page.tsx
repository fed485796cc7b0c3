import type { Metadata } from 'next'
import { DataScreen } from './data-screen.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Data · ${project}` }
}

export default async function DataPage({ params }: PageProps) {
  const { org, project } = await params
  return <DataScreen org={org} project={project} />
}
