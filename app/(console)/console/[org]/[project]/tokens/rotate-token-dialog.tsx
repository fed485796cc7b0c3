'use client'

import { useState } from 'react'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { RadioGroup } from '#components/ui/radio-group'
import type { ProjectToken, ProjectTokenCreated } from '#contract/tokens/tokens'
import { useRotateToken } from '#queries/tokens/tokens'

const overlaps = {
  '0': { label: 'Ends immediately', hint: 'Choose this if the old token was leaked', note: 'The old token no longer works.' },
  '3600': { label: 'Works for one more hour', note: 'The old token works for one more hour.' },
  '86400': { label: 'Works for one more day', note: 'The old token works for one more day.' },
  '604800': { label: 'Works for seven more days', note: 'The old token works for seven more days.' },
}
type Overlap = keyof typeof overlaps
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of `overlaps`
const options = (Object.keys(overlaps) as Overlap[]).map((value) => ({ value, ...overlaps[value] }))

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
  const [overlap, setOverlap] = useState<Overlap>('86400')
  const rotate = useRotateToken(org, project)
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      variant="primary"
      title={`Rotate ${token.name}?`}
      description="This creates a new token with the same name, role and limits."
      confirmLabel="Rotate token"
      pending={rotate.isPending}
      error={rotate.error?.message}
      onConfirm={() =>
        rotate.mutate(
          { tokenId: token.id, overlapSeconds: Number(overlap) },
          { onSuccess: (created) => onRotated(created, overlaps[overlap].note) },
        )
      }
    >
      <RadioGroup label="The old token" options={options} value={overlap} onChange={setOverlap} />
    </ConfirmDialog>
  )
}
