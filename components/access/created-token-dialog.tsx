'use client'

import { Button } from '#components/ui/button'
import { CopyButton, CopyTextButton } from '#components/ui/copy-button'
import { Dialog, DialogActions } from '#components/ui/dialog'
import { Notice } from '#components/ui/notice'

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

/** A text with a copy button. */
export function TextToCopy({ label, text, children }: { label: string; text: string; children: React.ReactNode }) {
  return (
    <div>
      <div className="mb-1.5 font-medium">{label}</div>
      <div className="flex flex-wrap items-center justify-end gap-2 rounded-md border border-line bg-sunken py-1.5 pr-1.5 pl-3">
        <code aria-label={label} className="min-w-40 flex-1 text-xs wrap-anywhere select-all">
          {text}
        </code>
        {children}
      </div>
    </div>
  )
}
