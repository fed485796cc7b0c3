'use client'

import { ConfirmCall } from '#components/ui/confirm-call'
import type { Webhook } from '#contract/webhooks/webhooks'
import { useDeleteWebhook } from '#queries/webhooks/webhooks'

interface DeleteWebhookDialogProps {
  org: string
  webhook: Webhook
  onClose: () => void
  onDeleted?: () => void
}

/** Deletes a webhook and its delivery log permanently. */
export function DeleteWebhookDialog({ org, webhook, onClose, onDeleted }: DeleteWebhookDialogProps) {
  const { host } = new URL(webhook.url)
  return (
    <ConfirmCall
      title={`Delete the webhook to ${host}?`}
      description="This permanently deletes the webhook and its delivery log. Waiting events are not sent."
      confirmLabel="Delete webhook"
      call={useDeleteWebhook(org)}
      sent={webhook.id}
      toast={`Deleted the webhook to ${host}`}
      onClose={onClose}
      onDone={onDeleted}
    />
  )
}
