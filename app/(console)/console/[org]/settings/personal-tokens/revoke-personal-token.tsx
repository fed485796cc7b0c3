'use client'

import type { PersonalToken } from '#contract/tokens/tokens'
import { ConfirmCall } from '#components/ui/confirm-call'
import { useRevokePersonalToken } from '#queries/tokens/tokens'

interface RevokePersonalTokenDialogProps {
  org: string
  token: PersonalToken
  onClose: () => void
}

/** Revokes a personal token permanently. */
export function RevokePersonalTokenDialog({ org, token, onClose }: RevokePersonalTokenDialogProps) {
  return (
    <ConfirmCall
      title={`Revoke ${token.name}?`}
      description="Scripts that use this token stop working immediately. This can’t be undone."
      confirmLabel="Revoke token"
      call={useRevokePersonalToken(org)}
      sent={token.id}
      toast={`Revoked ${token.name}`}
      onClose={onClose}
    />
  )
}
