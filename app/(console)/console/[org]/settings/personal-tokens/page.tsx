import type { Metadata } from 'next'
import { PersonalTokensTable } from './personal-tokens-table.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Personal tokens · ${org}` }
}

export default async function PersonalTokensPage({ params }: PageProps) {
  const { org } = await params
  return <PersonalTokensTable org={org} />
}
