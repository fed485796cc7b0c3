'use client'

import { Download } from 'lucide-react'
import { Button } from '#components/ui/button'
import { CopyTextButton } from '#components/ui/copy-button'
import { Dialog, DialogActions } from '#components/ui/dialog'
import { ButtonLink } from '#components/ui/link'
import { Notice } from '#components/ui/notice'

/** Shows the codes once. A press outside does not close the dialog. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const text = `${codes.join('\n')}\n`
  return (
    <Dialog
      open
      onOpenChange={onClose}
      dismissible={false}
      title="Your recovery codes"
      description="Each code signs you in once, after your password, when you have no other second factor."
    >
      <div className="space-y-4">
        <Notice tone="warning">Save these codes now, in a place other than your phone. They won’t be shown again.</Notice>
        <ul
          aria-label="Recovery codes"
          className="grid grid-cols-1 gap-x-6 gap-y-1.5 rounded-md border border-line bg-sunken px-4 py-3 font-mono sm:grid-cols-2"
        >
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
      </div>
      <DialogActions>
        <ButtonLink
          prefetch={false}
          icon={<Download aria-hidden className="size-3.5" />}
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
          download="bulkhead-recovery-codes.txt"
        >
          Download
        </ButtonLink>
        <CopyTextButton text={text} what="codes" />
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      </DialogActions>
    </Dialog>
  )
}
