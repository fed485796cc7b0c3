'use client'

import { Button } from '#components/ui/button'
import { CopyButton, CopyTextButton } from '#components/ui/copy-button'
import { Dialog, DialogActions } from '#components/ui/dialog'
import { Notice } from '#components/ui/notice'
import { TextToCopy } from '#components/ui/text-to-copy'

export interface CreatedTokenDialogProps {
  created: { name: string; token: string }
  /** An API path that the token can read. */
  example: string
  /** What happens to the old token after a rotation. */
  note?: string
  onClose: () => void
}

/** Shows a token once. A press outside does not close the dialog. */
export function CreatedTokenDialog({ created, example, note, onClose }: CreatedTokenDialogProps) {
  const { name, token } = created
  const curl = `curl -H 'Authorization: Bearer ${token}' ${location.origin}${example}`
  return (
    <Dialog open onOpenChange={onClose} dismissible={false} title={`Token ${name}`} description={note}>
      <div className="space-y-4">
        <Notice tone="warning">Copy the token now. It won’t be shown again.</Notice>
        <TextToCopy label="The token" text={token}>
          <CopyTextButton text={token} what="token" variant="primary" />
        </TextToCopy>
        <TextToCopy label="Try it" text={curl}>
          <CopyButton text={curl} what="command" />
        </TextToCopy>
      </div>
      <DialogActions>
        <Button onClick={onClose}>Done</Button>
      </DialogActions>
    </Dialog>
  )
}
