'use client'

import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { useToast } from '#components/ui/toast'
import type { Identity } from '#contract/accounts/oidc'
import { useUnlinkIdentity } from '#queries/accounts/oidc'

interface UnlinkDialogProps {
  identity: Identity
  onClose: () => void
}

/** Removes one way to sign in. */
export function UnlinkDialog({ identity, onClose }: UnlinkDialogProps) {
  const toast = useToast()
  const unlink = useUnlinkIdentity()
  const who = identity.email ?? identity.subject
  const go = () =>
    unlink.mutate(identity.id, {
      onSuccess: () => {
        toast(`${who} was unlinked`)
        onClose()
      },
    })
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Unlink ${who}?`}
      description={`You can no longer sign in with ${identity.provider} as ${who} until you link it again. Open sessions stay signed in.`}
      confirmLabel="Unlink"
      pending={unlink.isPending}
      onConfirm={go}
      error={unlink.error?.message}
    />
  )
}
