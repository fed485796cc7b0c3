'use client'

import { RotateDialog } from '#components/access/rotate-dialog'
import type { ProjectToken, ProjectTokenCreated } from '#contract/tokens/tokens'
import { useRotateToken } from '#queries/tokens/tokens'

export interface RotateTokenDialogProps {
  org: string
  project: string
  token: ProjectToken
  onClose: () => void
  /** Receives the new token, which is shown once, and a note about the old one. */
  onRotated: (created: ProjectTokenCreated, note: string) => void
}

/** Replaces a token by a new one with the same permissions. */
export function RotateTokenDialog({ org, project, token, onClose, onRotated }: RotateTokenDialogProps) {
  const rotate = useRotateToken(org, project)
  return (
    <RotateDialog
      title={`Rotate ${token.name}?`}
      description="This creates a new token with the same name, role and limits."
      confirmLabel="Rotate token"
      what="token"
      still="works"
      noLonger="works"
      pending={rotate.isPending}
      error={rotate.error?.message}
      onClose={onClose}
      onRotate={(overlapSeconds, note) =>
        rotate.mutate({ tokenId: token.id, overlapSeconds }, { onSuccess: (created) => onRotated(created, note) })
      }
    />
  )
}
