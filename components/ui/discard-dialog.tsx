'use client'

import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import { clsx } from 'clsx'
import { useRef } from 'react'
import { Button } from './button.tsx'
import { DialogHead, dialogDescription, dialogTitle, dialogWindow, scrim } from './dialog-parts.tsx'
import { useInertPage } from './use-inert-page.ts'

export interface DiscardDialogProps {
  onKeep: () => void
  onDiscard: () => void
}

/** Asks before typed text is lost. Escape keeps the text, so that pressing it twice loses nothing. */
export function DiscardDialog({ onKeep, onDiscard }: DiscardDialogProps) {
  const keep = useRef<HTMLButtonElement>(null)
  const inert = useInertPage(true)
  return (
    <Base.Root open onOpenChange={(next) => !next && onKeep()}>
      <Base.Portal>
        {/* Base UI draws no scrim of its own for a window above another. */}
        <Base.Backdrop className={scrim} forceRender />
        <Base.Popup {...inert} initialFocus={keep} className={clsx(dialogWindow, 'max-w-100')}>
          <DialogHead
            title={<Base.Title className={dialogTitle}>Discard what you typed?</Base.Title>}
            description={
              <Base.Description className={dialogDescription}>
                It hasn’t been saved. If you leave now, you lose it.
              </Base.Description>
            }
          />
          <div className="flex flex-wrap items-center justify-end gap-2 px-5 pt-2 pb-5">
            <Button ref={keep} onClick={onKeep}>
              Keep editing
            </Button>
            <Button variant="destroy" onClick={onDiscard}>
              Discard
            </Button>
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
