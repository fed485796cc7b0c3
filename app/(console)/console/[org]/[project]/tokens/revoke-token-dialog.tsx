'use client'

import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { Mono } from '#components/ui/mono'
import { Time } from '#components/ui/time'
import { useToast } from '#components/ui/toast'
import type { ProjectToken } from '#contract/tokens/tokens'
import { useRevokeToken } from '#queries/tokens/tokens'

export interface RevokeTokenDialogProps {
  org: string
  project: string
  token: ProjectToken
  onClose: () => void
}

/** Revokes a token permanently. */
export function RevokeTokenDialog({ org, project, token, onClose }: RevokeTokenDialogProps) {
  const toast = useToast()
  const revoke = useRevokeToken(org, project)
  const onSuccess = () => {
    toast(`The token ${token.name} was revoked`)
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
    >
      <p className="text-muted">
        <Mono>{`${token.tokenPrefix}…`}</Mono>
        {token.lastUsedAt ? (
          <>
            , last used <Time value={token.lastUsedAt} />
            {token.lastUsedAddress !== null && ` from ${token.lastUsedAddress}`}
          </>
        ) : (
          ', never used'
        )}
      </p>
    </ConfirmDialog>
  )
}
