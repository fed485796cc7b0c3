'use client'

import { KeyRound } from 'lucide-react'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { usePasskeySignIn } from '#queries/accounts/session'
import { usePasskeyObstacle } from '#queries/accounts/passkey-obstacle'

/** Below the form: signing in with a passkey alone, which is both factors. */
export function PasskeySignIn({ onDone }: { onDone: () => void }) {
  const obstacle = usePasskeyObstacle()
  const signIn = usePasskeySignIn()
  return (
    <div className="mt-4 space-y-3 border-t border-line pt-4">
      <Button
        className="w-full"
        icon={<KeyRound className="size-3.5" />}
        pending={signIn.isPending || signIn.isSuccess}
        disabledReason={obstacle}
        onClick={() => signIn.mutate(undefined, { onSuccess: onDone })}
      >
        Sign in with a passkey
      </Button>
      {signIn.error && <Notice tone="warning">{signIn.error.message}</Notice>}
    </div>
  )
}
