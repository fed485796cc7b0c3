import type { Metadata } from 'next'
import { WebhookDetails } from './webhook-details.tsx'

interface PageProps {
  params: Promise<{ org: string; webhookId: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Webhook · ${org}` }
}

export default async function WebhookPage({ params }: PageProps) {
  const { org, webhookId } = await params
  return <WebhookDetails org={org} webhookId={webhookId} />
}
