'use client'

import type { PersonalToken } from '#contract/tokens/tokens'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { useToast } from '#components/ui/toast'
import { useRevokePersonalToken } from '#queries/tokens/tokens'

interface RevokePersonalTokenDialogProps {
  org: string
  token: PersonalToken
  onClose: () => void
}

/** Revokes a personal token permanently. */
export function RevokePersonalTokenDialog({ org, token, onClose }: RevokePersonalTokenDialogProps) {
  const toast = useToast()
  const revoke = useRevokePersonalToken(org)
  const onSuccess = () => {
    toast(`Revoked ${token.name}`)
    onClose()
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Revoke ${token.name}?`}
      description="Scripts that use this token stop working immediately. This can’t be undone."
      confirmLabel="Revoke token"
      pending={revoke.isPending}
      error={revoke.error?.message}
      onConfirm={() => revoke.mutate(token.id, { onSuccess })}
    />
  )
}
