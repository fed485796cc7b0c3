import type { Metadata } from 'next'
import { TokensTable } from './tokens-table.tsx'

interface PageProps {
  params: Promise<{ org: string; project: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { project } = await params
  return { title: `Tokens · ${project}` }
}

export default async function TokensPage({ params }: PageProps) {
  const { org, project } = await params
  return <TokensTable org={org} project={project} />
}
