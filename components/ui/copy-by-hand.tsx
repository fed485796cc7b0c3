'use client'

import { useRef } from 'react'
import { Button } from './button.tsx'
import { Dialog, DialogActions } from './dialog.tsx'

interface CopyByHandProps {
  text: string
  /** What it is: "slug", "token". */
  what: string
  onClose: () => void
}

/** Shows a text that the browser refused to copy, selected. */
export function CopyByHand({ text, what, onClose }: CopyByHandProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  const reason = isSecureContext
    ? 'Your browser didn’t let this page copy.'
    : 'Your browser didn’t let a page without HTTPS copy.'
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Copy ${what} yourself`}
      description={`${reason} The text is selected. Press Ctrl+C, or ⌘C on a Mac.`}
      initialFocus={field}
    >
      <textarea
        ref={field}
        aria-label={what}
        readOnly
        rows={Math.min(8, text.split('\n').length)}
        value={text}
        onFocus={({ currentTarget }) => currentTarget.select()}
        className="field-sizing-content max-h-60 w-full resize-none rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs/5 wrap-anywhere"
      />
      <DialogActions>
        <Button onClick={onClose}>Done</Button>
      </DialogActions>
    </Dialog>
  )
}
