'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useState } from 'react'
import { Button } from '#components/ui/button'
import { ConfirmCall } from '#components/ui/confirm-call'
import { Notice } from '#components/ui/notice'
import { Section, SectionRow } from '#components/ui/section'
import { Time } from '#components/ui/time'
import type { Factors, TotpStarted } from '#contract/accounts/factors'
import { useRemoveTotp, useStartTotp } from '#queries/accounts/factors'

const SetUpAppDialog = lazyDialog(() => import('./set-up-app-dialog.tsx').then((module) => module.SetUpAppDialog))

interface AuthenticatorAppProps {
  totp: Factors['totp']
  /** Receives the recovery codes that come with the first second factor. */
  onCodes: (codes: string[]) => void
}

type Open = null | { kind: 'set-up'; started: TotpStarted } | { kind: 'turn-off' }

/** A code from an app after the password: off, or on since when. */
export function AuthenticatorApp({ totp, onCodes }: AuthenticatorAppProps) {
  const [open, setOpen] = useState<Open>(null)
  const start = useStartTotp()
  const close = () => setOpen(null)
  return (
    <Section
      flush
      title="Authenticator app"
      description="An app on your phone shows a new code every 30 seconds. You enter it after your password."
    >
      <SectionRow
        title={totp ? 'On' : 'Off'}
        description={
          totp ? (
            <>
              Since <Time value={totp.enabledAt} />
            </>
          ) : (
            'You sign in with your password only, or with a passkey.'
          )
        }
      >
        {totp ? (
          <Button onClick={() => setOpen({ kind: 'turn-off' })}>Turn off…</Button>
        ) : (
          <Button
            variant="primary"
            pending={start.isPending}
            onClick={() => start.mutate(undefined, { onSuccess: (started) => setOpen({ kind: 'set-up', started }) })}
          >
            Set up…
          </Button>
        )}
      </SectionRow>
      {start.error && (
        <div className="px-4 pb-3">
          <Notice tone="warning">{start.error.message}</Notice>
        </div>
      )}
      {open?.kind === 'set-up' && <SetUpAppDialog started={open.started} onClose={close} onCodes={onCodes} />}
      {open?.kind === 'turn-off' && <TurnOffDialog onClose={close} />}
    </Section>
  )
}

function TurnOffDialog({ onClose }: { onClose: () => void }) {
  return (
    <ConfirmCall
      title="Turn off the authenticator app?"
      description="You no longer need its codes to sign in. If you have no passkey, your password alone signs you in, and your recovery codes stop working."
      confirmLabel="Turn off"
      call={useRemoveTotp()}
      sent={undefined}
      toast="The authenticator app is off"
      onClose={onClose}
    />
  )
}
