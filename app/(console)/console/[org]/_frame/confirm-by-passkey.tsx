import { KeyRound } from 'lucide-react'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { useReauthenticate } from '#queries/accounts/me'
import { usePasskeyObstacle } from '#queries/accounts/webauthn'

/** A passkey is both factors, so nothing is typed. */
export function ConfirmByPasskey({ onProven }: { onProven: () => void }) {
  const prove = useReauthenticate()
  const obstacle = usePasskeyObstacle()
  return (
    <div className="space-y-3">
      {prove.error && <Notice tone="warning">{prove.error.message}</Notice>}
      <Button
        className="w-full"
        icon={<KeyRound className="size-3.5" />}
        pending={prove.isPending}
        disabledReason={obstacle}
        onClick={() => prove.mutate('passkey', { onSuccess: onProven })}
      >
        Use your passkey
      </Button>
    </div>
  )
}
