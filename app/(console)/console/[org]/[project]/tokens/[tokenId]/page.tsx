import type { Metadata } from 'next'
import { TokenAccess } from './token-access.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string; tokenId: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Token access · ${project}` }
}

export default async function TokenPage({ params }: PageProps) {
  const { org, project, tokenId } = await params
  return <TokenAccess org={org} project={project} tokenId={tokenId} />
}
