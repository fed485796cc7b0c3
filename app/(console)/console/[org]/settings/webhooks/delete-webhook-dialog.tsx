'use client'

import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { useToast } from '#components/ui/toast'
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
  const toast = useToast()
  const remove = useDeleteWebhook(org)
  const { host } = new URL(webhook.url)
  const onSuccess = () => {
    toast(`Deleted the webhook to ${host}`)
    onClose()
    onDeleted?.()
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Delete the webhook to ${host}?`}
      description="This permanently deletes the webhook and its delivery log. Waiting events are not sent."
      confirmLabel="Delete webhook"
      pending={remove.isPending}
      error={remove.error?.message}
      onConfirm={() => remove.mutate(webhook.id, { onSuccess })}
    />
  )
}
