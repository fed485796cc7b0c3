import type { Metadata } from 'next'
import { WebhooksTable } from './webhooks-table.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Webhooks · ${org}` }
}

export default async function WebhooksPage({ params }: PageProps) {
  const { org } = await params
  return <WebhooksTable org={org} />
}
