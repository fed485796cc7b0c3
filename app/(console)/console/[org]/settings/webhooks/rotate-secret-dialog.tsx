'use client'

import { useState } from 'react'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { RadioGroup } from '#components/ui/radio-group'
import type { Webhook } from '#contract/webhooks/webhooks'
import { useRotateWebhookSecret } from '#queries/webhooks/webhooks'

const overlaps = {
  '0': { label: 'Ends immediately', hint: 'Choose this if the old secret was leaked', note: 'The old secret no longer signs.' },
  '3600': { label: 'Also signs for one more hour', note: 'The old secret also signs for one more hour.' },
  '86400': { label: 'Also signs for one more day', note: 'The old secret also signs for one more day.' },
  '604800': { label: 'Also signs for seven more days', note: 'The old secret also signs for seven more days.' },
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
      description={`This creates a new secret. Then copy it to ${new URL(webhook.url).host}.`}
      confirmLabel="Rotate secret"
      pending={rotate.isPending}
      error={rotate.error?.message}
      onConfirm={() => rotate.mutate(Number(overlap), { onSuccess: ({ secret }) => onRotated(secret, overlaps[overlap].note) })}
    >
      <RadioGroup label="The old secret" options={options} value={overlap} onChange={setOverlap} />
    </ConfirmDialog>
  )
}
