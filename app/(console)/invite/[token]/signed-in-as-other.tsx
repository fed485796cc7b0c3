'use client'

import { Button } from '#components/ui/button'
import { ButtonLink } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import { paths } from '#contract/paths'
import { useSignOut } from '#queries/accounts/session'

interface SignedInAsOtherProps {
  token: string
  signedInAs: string
  /** The invited address. */
  email: string
}

/** Shown when another person is signed in here. They can switch accounts and return to this page. */
export function SignedInAsOther({ token, signedInAs, email }: SignedInAsOtherProps) {
  const signOut = useSignOut(paths.invitation(token))
  return (
    <div className="space-y-4">
      <Notice tone="warning" title={`You are signed in as ${signedInAs}`}>
        This invitation is for {email}. To accept it, sign out, then sign in as that person.
      </Notice>
      <div className="flex flex-wrap justify-end gap-2">
        <ButtonLink href={paths.console}>Stay signed in</ButtonLink>
        <Button variant="primary" pending={signOut.isPending} onClick={() => signOut.mutate()}>
          Sign out and continue
        </Button>
      </div>
    </div>
  )
}
