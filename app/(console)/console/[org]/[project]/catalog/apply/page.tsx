import type { Metadata } from 'next'
import { ApplyScreen } from './apply-screen.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Apply · ${project}` }
}

export default async function ApplyPage({ params }: PageProps) {
  const { org, project } = await params
  return <ApplyScreen org={org} project={project} />
}
