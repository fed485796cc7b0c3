import type { Metadata } from 'next'
import { MemberAccess } from './member-access.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string; userId: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Access · ${project}` }
}

export default async function MemberPage({ params }: PageProps) {
  const { org, project, userId } = await params
  return <MemberAccess org={org} project={project} userId={userId} />
}
