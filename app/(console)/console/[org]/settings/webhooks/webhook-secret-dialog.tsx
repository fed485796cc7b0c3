'use client'

import { TextToCopy } from '#components/ui/text-to-copy'
import { Button } from '#components/ui/button'
import { CopyTextButton } from '#components/ui/copy-button'
import { Dialog, DialogActions } from '#components/ui/dialog'
import { Notice } from '#components/ui/notice'

interface WebhookSecretDialogProps {
  secret: string
  /** What happens to the old secret after a rotation. */
  note?: string
  onClose: () => void
}

/** Shows a webhook's secret once. A press outside does not close the dialog. */
export function WebhookSecretDialog({ secret, note, onClose }: WebhookSecretDialogProps) {
  return (
    <Dialog open onOpenChange={onClose} dismissible={false} title="Webhook secret" description={note}>
      <div className="space-y-4">
        <Notice tone="warning">Copy the secret now. It won’t be shown again.</Notice>
        <TextToCopy label="The secret" text={secret}>
          <CopyTextButton text={secret} what="secret" variant="primary" />
        </TextToCopy>
        <p className="text-pretty text-muted">
          Your receiver uses it to check the <code>webhook-signature</code> header of each request, as described by Standard
          Webhooks.
        </p>
      </div>
      <DialogActions>
        <Button onClick={onClose}>Done</Button>
      </DialogActions>
    </Dialog>
  )
}
