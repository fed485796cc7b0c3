'use client'

import { PageHeader } from '#components/ui/page-header'
import { PasswordForm } from './password-form.tsx'

/** How one proves who one is, whichever organisation one looks at. */
export function SignInSettings() {
  return (
    <>
      <PageHeader title="Sign-in" description="What you sign in with, here and in every other organisation of this server." />
      <PasswordForm />
    </>
  )
}
