'use client'

import { useState } from 'react'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { RadioGroup } from '#components/ui/radio-group'
import type { Webhook } from '#contract/webhooks/webhooks'
import { useRotateWebhookSecret } from '#queries/webhooks/webhooks'

const overlaps = {
  '0': { label: 'Ends at once', hint: 'Where the old one leaked', note: 'The old secret no longer signs.' },
  '3600': { label: 'Signs too for one more hour', note: 'The old secret signs too for one more hour.' },
  '86400': { label: 'Signs too for one more day', note: 'The old secret signs too for one more day.' },
  '604800': { label: 'Signs too for seven more days', note: 'The old secret signs too for seven more days.' },
}
type Overlap = keyof typeof overlaps
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of `overlaps`
const options = (Object.keys(overlaps) as Overlap[]).map((value) => ({ value, ...overlaps[value] }))

interface RotateSecretDialogProps {
  org: string
  webhook: Webhook
  onClose: () => void
  /** Receives the new secret, which is shown once, and a note about the old one. */
  onRotated: (secret: string, note: string) => void
}

/** Rotates the secret of a webhook. */
export function RotateSecretDialog({ org, webhook, onClose, onRotated }: RotateSecretDialogProps) {
  const [overlap, setOverlap] = useState<Overlap>('86400')
  const rotate = useRotateWebhookSecret(org, webhook.id)
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      variant="primary"
      title="Rotate the secret?"
      description={`A new secret takes the place of the one that ${new URL(webhook.url).host} has.`}
      confirmLabel="Rotate secret"
      pending={rotate.isPending}
      error={rotate.error?.message}
      onConfirm={() => rotate.mutate(Number(overlap), { onSuccess: ({ secret }) => onRotated(secret, overlaps[overlap].note) })}
    >
      <RadioGroup label="The old secret" options={options} value={overlap} onChange={setOverlap} />
    </ConfirmDialog>
  )
}
