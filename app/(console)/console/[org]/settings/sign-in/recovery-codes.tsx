'use client'

import { useState } from 'react'
import { Button } from '#components/ui/button'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { Section, SectionRow } from '#components/ui/section'
import type { Factors } from '#contract/accounts/factors'
import { useRenewRecoveryCodes } from '#queries/accounts/factors'

const inWords = ({ left, made }: Factors['recoveryCodes']) => (left === 0 ? 'None left' : `${left} of ${made} left`)

interface RecoveryCodesProps {
  factors: Factors
  onCodes: (codes: string[]) => void
}

/** How many codes are left, and a way to replace them; hidden without a second factor. */
export function RecoveryCodes({ factors, onCodes }: RecoveryCodesProps) {
  const [renewing, setRenewing] = useState(false)
  const renew = useRenewRecoveryCodes()
  const hasFactor = factors.totp !== null || factors.passkeys.length > 0
  const close = () => setRenewing(false)
  return (
    <Section
      flush
      title="Recovery codes"
      description="Use them when you have neither your app nor a passkey. Each code signs you in once, after your password."
    >
      <SectionRow
        title={hasFactor ? inWords(factors.recoveryCodes) : 'None yet'}
        description={
          hasFactor
            ? 'Creating new codes replaces the ones you have.'
            : 'You get them when you set up an authenticator app or a passkey.'
        }
      >
        <Button
          disabledReason={hasFactor ? null : 'Set up an authenticator app or a passkey first'}
          onClick={() => setRenewing(true)}
        >
          Create new codes…
        </Button>
      </SectionRow>
      {renewing && (
        <ConfirmDialog
          open
          onOpenChange={close}
          variant="primary"
          title="Create new recovery codes?"
          description="Your current codes stop working immediately. The new ones are shown once."
          confirmLabel="Create new codes"
          pending={renew.isPending}
          error={renew.error?.message}
          onConfirm={() =>
            renew.mutate(undefined, {
              onSuccess: ({ codes }) => {
                close()
                onCodes(codes)
              },
            })
          }
        />
      )}
    </Section>
  )
}
