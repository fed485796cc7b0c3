import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { setting } from '#config/environment'
import { pageData } from '#server/front/page-data'
import { factorsQuery } from '#queries/accounts/factors'
import { signInMethodsQuery } from '#queries/accounts/oidc'
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
  return (
    <HydrationBoundary state={await pageData(signInMethodsQuery(), factorsQuery())}>
      <SignInSettings org={org} hasMail={setting('BULKHEAD_SMTP_URL') !== undefined} />
    </HydrationBoundary>
  )
}
