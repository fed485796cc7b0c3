'use client'

import { TextToCopy } from '#components/access/created-token-dialog'
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
    <Dialog open onOpenChange={onClose} dismissible={false} title="Secret of the webhook" description={note}>
      <div className="space-y-4">
        <Notice tone="warning">Copy it now. It is shown this once and cannot be read again.</Notice>
        <TextToCopy label="The secret" text={secret}>
          <CopyTextButton text={secret} what="secret" variant="primary" />
        </TextToCopy>
        <p className="text-pretty text-muted">
          The receiver checks each request’s <code>webhook-signature</code> with it, as Standard Webhooks describes.
        </p>
      </div>
      <DialogActions>
        <Button onClick={onClose}>Done</Button>
      </DialogActions>
    </Dialog>
  )
}
