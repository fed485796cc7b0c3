import type { Metadata } from 'next'
import { OrganizationReview } from './organization-review.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Access review · ${org}` }
}

export default async function AccessReviewPage({ params }: PageProps) {
  const { org } = await params
  return <OrganizationReview org={org} />
}
