'use client'

import { useEffect } from 'react'
import { FormPage } from '#components/frame/public-page'
import { PlainButtonLink } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import { PROVEN_CHANNEL } from '#contract/accounts/oidc-problems'
import { paths } from '#contract/paths'

/** Notifies the waiting window and closes itself; an error stays readable. */
export function IdentityConfirmed({ problem }: { problem: string | null }) {
  useEffect(() => {
    if (problem !== null) return
    const channel = new BroadcastChannel(PROVEN_CHANNEL)
    channel.postMessage('proven')
    channel.close()
    window.close()
  }, [problem])
  if (problem === null) return <FormPage title="Confirmed">You can close this window and continue in the other one.</FormPage>
  return (
    <FormPage title="Not confirmed yet">
      <Notice tone="warning">{problem}.</Notice>
      <PlainButtonLink href={paths.proveAgain} variant="primary" className="mt-4">
        Try again
      </PlainButtonLink>
    </FormPage>
  )
}
