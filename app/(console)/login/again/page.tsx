import type { Metadata } from 'next'
import { problemSentence } from '#contract/accounts/oidc'
import { ProvenAgain } from './proven-again.tsx'

export const metadata: Metadata = { title: 'Proving who you are' }

/** Where the window ends that was sent to the provider to prove again who somebody is. */
export default async function AgainPage({ searchParams }: { searchParams: Promise<{ problem?: string | string[] }> }) {
  const { problem } = await searchParams
  return <ProvenAgain problem={typeof problem === 'string' ? problemSentence(problem) : null} />
}
