'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import { clsx } from 'clsx'
import { X } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { DialogHead, dialogDescription, dialogTitle, dialogWindow, scrim } from './dialog-parts.tsx'
import { IconButton } from './icon-button.tsx'
import { Holding, useHolder } from './unsaved.tsx'
import { useInertPage } from './use-inert-page.ts'

const widths = { sm: 'max-w-100', md: 'max-w-130', lg: 'max-w-180' }

export interface DialogProps {
  open: boolean
  /** Called with false by Escape, a press outside, and the close button; not while what was typed in it would be lost. */
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  size?: keyof typeof widths
  /** False where a press outside does nothing, because what is shown is shown once. */
  dismissible?: boolean
  /** What gets the focus first; by default the first control of the content. */
  initialFocus?: RefObject<HTMLElement | null>
  children: ReactNode
}

/** A modal window for a form or a choice. The focus moves in, and returns to what opened it. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  size = 'md',
  dismissible = true,
  initialFocus,
  children,
}: DialogProps) {
  const inert = useInertPage(open)
  const { holder, change, question } = useHolder(open, onOpenChange)
  return (
    <Base.Root open={open} onOpenChange={change} disablePointerDismissal={!dismissible}>
      <Base.Portal>
        <Base.Backdrop className={scrim} />
        <Base.Popup {...inert} initialFocus={initialFocus} className={clsx(dialogWindow, widths[size])}>
          <DialogHead
            title={<Base.Title className={dialogTitle}>{title}</Base.Title>}
            description={description && <Base.Description className={dialogDescription}>{description}</Base.Description>}
          />
          <div className="min-h-0 overflow-y-auto px-5 pt-1 pb-5">
            <Holding value={holder}>{children}</Holding>
          </div>
          <CloseCorner />
          {question}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

/** Last in the document, so that the first control of the content gets the focus instead. */
export function CloseCorner() {
  return (
    <Base.Close
      className="absolute top-3.5 right-3.5"
      render={<IconButton label="Close" icon={<X className="size-4" />} tooltip={false} size="sm" />}
    />
  )
}

/** The row of buttons at the end of a window; the last one performs the action. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap items-center justify-end gap-2">{children}</div>
}
