'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { PageHeader } from '#components/ui/page-header'
import { factorsQuery } from '#queries/accounts/factors'
import { signInMethodsQuery } from '#queries/accounts/oidc'
import { AuthenticatorApp } from './authenticator-app.tsx'
import { Identities } from './identities.tsx'
import { NoPassword } from './no-password.tsx'
import { PasskeyList } from './passkey-list.tsx'
import { PasswordForm } from './password-form.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { UnverifiedAddress } from './unverified-address.tsx'

const RecoveryCodesDialog = lazyDialog(() => import('./recovery-codes-dialog.tsx').then((module) => module.RecoveryCodesDialog))

/** The user's sign-in methods, the same in every organization. */
export function SignInSettings({ org, hasMail }: { org: string; hasMail: boolean }) {
  const methods = useQuery(signInMethodsQuery())
  const factors = useQuery(factorsQuery())
  // Shown once, whichever second factor they came with.
  const [codes, setCodes] = useState<string[] | null>(null)
  return (
    <>
      <PageHeader title="Sign-in" description="How you sign in to this server. This is the same in all your organizations." />
      <div className="space-y-4">
        {methods.data?.emailVerified === false && (
          <UnverifiedAddress hasMail={hasMail} provider={methods.data.provider?.name ?? null} />
        )}
        {methods.data?.password === false ? <NoPassword /> : <PasswordForm />}
        <Identities org={org} />
        {factors.error && (
          <Notice tone="warning" action={<Button onClick={() => void factors.refetch()}>Try again</Button>}>
            {factors.error.message}
          </Notice>
        )}
        {factors.data && (
          <>
            <AuthenticatorApp totp={factors.data.totp} onCodes={setCodes} />
            <PasskeyList passkeys={factors.data.passkeys} origin={factors.data.passkeyOrigin} onCodes={setCodes} />
            <RecoveryCodes factors={factors.data} onCodes={setCodes} />
          </>
        )}
      </div>
      {codes && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(null)} />}
    </>
  )
}
