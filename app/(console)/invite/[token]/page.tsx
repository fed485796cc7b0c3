import type { Metadata } from 'next'
import { oidcProvider } from '#config/settings'
import { InvitationPage } from './invitation.tsx'

export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' }

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  return <InvitationPage token={token} provider={oidcProvider()?.name ?? null} />
}
