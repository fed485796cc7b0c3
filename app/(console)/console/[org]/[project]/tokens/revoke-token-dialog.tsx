'use client'

import { ConfirmCall } from '#components/ui/confirm-call'
import { Mono } from '#components/ui/mono'
import { Time } from '#components/ui/time'
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
  return (
    <ConfirmCall
      title={`Revoke ${token.name}?`}
      description="Scripts that use this token stop working immediately. This can’t be undone."
      confirmLabel="Revoke token"
      call={useRevokeToken(org, project)}
      sent={token.id}
      toast={`The token ${token.name} was revoked`}
      onClose={onClose}
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
    </ConfirmCall>
  )
}
