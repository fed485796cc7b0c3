'use client'

import { useQuery } from '@tanstack/react-query'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { Section } from '#components/ui/section'
import { meQuery } from '#queries/accounts/me'
import { useRequestPasswordReset } from '#queries/accounts/password-resets'

interface UnverifiedAddressProps {
  /** Whether this server sends mail. */
  hasMail: boolean
  /** The name of this server's sign-in provider. */
  provider: string | null
}

/** For an account created by an invitation link: anybody who saw that link could have created it. */
export function UnverifiedAddress({ hasMail, provider }: UnverifiedAddressProps) {
  const me = useQuery(meQuery())
  const request = useRequestPasswordReset()
  const email = me.data?.email
  return (
    <Section
      title="Your address isn’t verified"
      description="Verifying it sets a new password, signs you out everywhere, and removes the second factors, linked sign-ins and personal tokens of this account: someone else could have added them. Your organizations and projects stay."
    >
      <div className="space-y-3">
        {request.error && <Notice tone="warning">{request.error.message}</Notice>}
        {request.isSuccess && hasMail && <Notice>A link was sent to {email}. It works for one hour.</Notice>}
        {request.isSuccess && !hasMail && (
          <Notice>Email isn’t configured. Ask the operator of this server for the link: it is in the log.</Notice>
        )}
        {!request.isSuccess && (
          <Button
            pending={request.isPending}
            disabledReason={email ? null : 'Still loading'}
            onClick={() => email && request.mutate(email)}
          >
            Verify address
          </Button>
        )}
        {provider && <p className="text-muted">Signing in through {provider} with this address verifies it, too.</p>}
      </div>
    </Section>
  )
}
