import { KeyRound } from 'lucide-react'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { usePasskeyObstacle } from '#queries/accounts/passkey-obstacle'

interface ByPasskeyProps {
  /** The call that the passkey is sent with. */
  prove: {
    mutate: (given: 'passkey', options: { onSuccess: () => void }) => void
    isPending: boolean
    isSuccess: boolean
    error: { message: string } | null
  }
  /** True when it is the only thing asked for, which then stands out and gets the focus. */
  alone?: boolean
  onProven: () => void
}

/** Proves who somebody is by a passkey, which is typed nowhere: the browser asks for it. */
export function ByPasskey({ prove, alone = false, onProven }: ByPasskeyProps) {
  const obstacle = usePasskeyObstacle()
  return (
    <div className="space-y-3">
      {prove.error && <Notice tone="warning">{prove.error.message}</Notice>}
      <Button
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- what the page now asks for
        autoFocus={alone}
        variant={alone ? 'primary' : 'secondary'}
        className="w-full"
        icon={<KeyRound className="size-3.5" />}
        pending={prove.isPending || prove.isSuccess}
        disabledReason={obstacle}
        onClick={() => prove.mutate('passkey', { onSuccess: onProven })}
      >
        Use your passkey
      </Button>
    </div>
  )
}
