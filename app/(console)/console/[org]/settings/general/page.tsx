import type { Metadata } from 'next'
import { OrganizationForm } from './organization-form.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Settings · ${org}` }
}

export default async function GeneralPage({ params }: PageProps) {
  const { org } = await params
  return <OrganizationForm org={org} />
}
