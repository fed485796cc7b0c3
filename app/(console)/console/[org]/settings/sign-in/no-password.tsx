'use client'

import { useQuery } from '@tanstack/react-query'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { Section } from '#components/ui/section'
import { meQuery } from '#queries/accounts/me'
import { useRequestPasswordReset } from '#queries/accounts/password-resets'

/** For users without a password. A mailed link sets one, which proves the address. */
export function NoPassword() {
  const me = useQuery(meQuery())
  const request = useRequestPasswordReset()
  const email = me.data?.email
  return (
    <Section
      title="Password"
      description="You don’t have a password. To set one, request a link by email. Setting it signs you out everywhere."
    >
      {request.isSuccess ? (
        <Notice>A link was sent to {email}. It works for one hour.</Notice>
      ) : (
        <div className="space-y-3">
          {request.error && <Notice tone="warning">{request.error.message}</Notice>}
          <Button
            pending={request.isPending}
            disabledReason={email ? null : 'Still loading'}
            onClick={() => email && request.mutate(email)}
          >
            Email me a link
          </Button>
        </div>
      )}
    </Section>
  )
}
