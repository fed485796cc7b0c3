'use client'

import { ConfirmCall } from '#components/ui/confirm-call'
import type { Identity } from '#contract/accounts/oidc'
import { useUnlinkIdentity } from '#queries/accounts/oidc'

interface UnlinkDialogProps {
  identity: Identity
  onClose: () => void
}

/** Removes one way to sign in. */
export function UnlinkDialog({ identity, onClose }: UnlinkDialogProps) {
  const who = identity.email ?? identity.subject
  return (
    <ConfirmCall
      title={`Unlink ${who}?`}
      description={`You can no longer sign in with ${identity.provider} as ${who} until you link it again. Open sessions stay signed in.`}
      confirmLabel="Unlink"
      call={useUnlinkIdentity()}
      sent={identity.id}
      toast={`${who} was unlinked`}
      onClose={onClose}
    />
  )
}
