'use client'

import { RotateDialog } from '#components/access/rotate-dialog'
import type { Webhook } from '#contract/webhooks/webhooks'
import { useRotateWebhookSecret } from '#queries/webhooks/webhooks'

interface RotateSecretDialogProps {
  org: string
  webhook: Webhook
  onClose: () => void
  /** Receives the new secret, which is shown once, and a note about the old one. */
  onRotated: (secret: string, note: string) => void
}

/** Rotates the secret of a webhook. */
export function RotateSecretDialog({ org, webhook, onClose, onRotated }: RotateSecretDialogProps) {
  const rotate = useRotateWebhookSecret(org, webhook.id)
  return (
    <RotateDialog
      title="Rotate the secret?"
      description={`This creates a new secret. Then copy it to ${new URL(webhook.url).host}.`}
      confirmLabel="Rotate secret"
      what="secret"
      still="also signs"
      noLonger="signs"
      pending={rotate.isPending}
      error={rotate.error?.message}
      onClose={onClose}
      onRotate={(overlapSeconds, note) => rotate.mutate(overlapSeconds, { onSuccess: ({ secret }) => onRotated(secret, note) })}
    />
  )
}
