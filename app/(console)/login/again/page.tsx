import type { Metadata } from 'next'
import { problemSentence } from '#contract/accounts/oidc-problems'
import { IdentityConfirmed } from './identity-confirmed.tsx'

export const metadata: Metadata = { title: 'Confirm it’s you' }

/** The last page of the window that confirmed the user's identity at the provider. */
export default async function AgainPage({ searchParams }: { searchParams: Promise<{ problem?: string | string[] }> }) {
  const { problem } = await searchParams
  return <IdentityConfirmed problem={typeof problem === 'string' ? problemSentence(problem) : null} />
}
