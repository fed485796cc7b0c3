'use client'

import { useQuery } from '@tanstack/react-query'
import { PageHeader } from '#components/ui/page-header'
import { signInMethodsQuery } from '#queries/oidc'
import { Identities } from './identities.tsx'
import { NoPassword } from './no-password.tsx'
import { PasswordForm } from './password-form.tsx'

/** How one proves who one is, whichever organisation one looks at. */
export function SignInSettings({ org }: { org: string }) {
  const { data } = useQuery(signInMethodsQuery())
  return (
    <>
      <PageHeader title="Sign-in" description="What you sign in with, here and in every other organisation of this server." />
      <div className="space-y-6">
        {data?.password === false ? <NoPassword /> : <PasswordForm />}
        <Identities org={org} />
      </div>
    </>
  )
}
