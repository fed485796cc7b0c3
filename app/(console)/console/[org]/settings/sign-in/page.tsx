import type { Metadata } from 'next'
import { setting } from '#config/environment'
import { SignInSettings } from './sign-in-settings.tsx'

interface PageProps {
  params: Promise<{ org: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { org } = await params
  return { title: `Sign-in · ${org}` }
}

export default async function SignInPage({ params }: PageProps) {
  const { org } = await params
  return <SignInSettings org={org} hasMail={setting('BULKHEAD_SMTP_URL') !== undefined} />
}
