import { useQuery } from '@tanstack/react-query'
import { ConfirmWithProvider } from '#components/sign-in/confirm-with-provider'
import { OrDivider } from '#components/sign-in/provider-sign-in'
import { Button } from '#components/ui/button'
import { Dialog } from '#components/ui/dialog'
import { Notice } from '#components/ui/notice'
import { factorsQuery } from '#queries/accounts/factors'
import { signInMethodsQuery } from '#queries/accounts/oidc'
import { useReauthenticate } from '#queries/accounts/me'
import { ByPasskey } from '../../../_sign-in/by-passkey.tsx'
import { ConfirmByPassword } from './confirm-by-password.tsx'

interface ConfirmIdentityDialogProps {
  onProven: () => void
  onClose: () => void
}

/** Shows the ways to confirm who it is that the user has. */
export function ConfirmIdentityDialog({ onProven, onClose }: ConfirmIdentityDialogProps) {
  const factors = useQuery(factorsQuery())
  const methods = useQuery(signInMethodsQuery())
  const prove = useReauthenticate()
  // Renders nothing until the available methods are known, so that the focus then goes to the first field.
  if (factors.isPending || methods.isPending) return null
  const error = factors.error ?? methods.error
  const provider = methods.data && methods.data.identities.length > 0 ? methods.data.provider : null
  const hasPassword = methods.data?.password === true
  const hasPasskey = (factors.data?.passkeys.length ?? 0) > 0
  return (
    <Dialog
      open
      onOpenChange={onClose}
      dismissible={false}
      size="sm"
      title="Confirm it’s you"
      description="You last signed in more than 10 minutes ago. Your action continues once you confirm."
    >
      {error && <Notice tone="warning">{error.message}</Notice>}
      <div className="space-y-3">
        {hasPasskey && <ByPasskey prove={prove} onProven={onProven} />}
        {provider && <ConfirmWithProvider provider={provider.name} alone={!hasPassword && !hasPasskey} onProven={onProven} />}
      </div>
      {factors.data && hasPassword ? (
        <>
          {(hasPasskey || provider) && <OrDivider />}
          <ConfirmByPassword factors={factors.data} onProven={onProven} onCancel={onClose} />
        </>
      ) : (
        <>
          {!hasPasskey && !provider && !error && (
            <Notice tone="warning">You have no password or passkey to confirm with here. Sign out, then sign in again.</Notice>
          )}
          <div className="mt-4 flex justify-end">
            <Button onClick={onClose}>Cancel</Button>
          </div>
        </>
      )}
    </Dialog>
  )
}
