'use client'

import { PageHeader } from '#components/ui/page-header'
import { Identities } from './identities.tsx'
import { PasswordForm } from './password-form.tsx'

/** How one proves who one is, whichever organisation one looks at. */
export function SignInSettings({ org }: { org: string }) {
  return (
    <>
      <PageHeader title="Sign-in" description="What you sign in with, here and in every other organisation of this server." />
      <div className="space-y-6">
        <PasswordForm />
        <Identities org={org} />
      </div>
    </>
  )
}
