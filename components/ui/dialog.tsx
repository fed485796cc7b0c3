'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import { clsx } from 'clsx'
import { X } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { IconButton } from './icon-button.tsx'
import { useInertPage } from './use-inert-page.ts'

const widths = { sm: 'max-w-100', md: 'max-w-130', lg: 'max-w-180' }

export interface DialogProps {
  open: boolean
  /** Called with false by Escape, a press outside, and the close button. */
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  size?: keyof typeof widths
  /** False while typed text would be lost; a press outside then does nothing. */
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
  return (
    <Base.Root open={open} onOpenChange={onOpenChange} disablePointerDismissal={!dismissible}>
      <Base.Portal>
        <Base.Backdrop className={scrim} />
        <Base.Popup {...inert} initialFocus={initialFocus} className={clsx(dialogWindow, widths[size])}>
          <DialogHead
            title={<Base.Title className={dialogTitle}>{title}</Base.Title>}
            description={description && <Base.Description className={dialogDescription}>{description}</Base.Description>}
          />
          <div className="min-h-0 overflow-y-auto px-5 pt-1 pb-5">{children}</div>
          <CloseCorner />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

export const scrim = 'fixed inset-0 z-30 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0'
export const dialogWindow =
  'popup fixed top-[max(1rem,12vh)] left-1/2 z-30 flex max-h-[calc(100dvh-max(2rem,20vh))] w-[calc(100vw-2rem)] -translate-x-1/2 flex-col rounded-lg'
export const dialogTitle = 'text-lg font-semibold text-balance'
export const dialogDescription = 'mt-1 text-muted text-pretty'

/** The shared header of all windows. */
export function DialogHead({ title, description }: { title: ReactNode; description?: ReactNode }) {
  return (
    <div className="px-5 pt-4 pb-3">
      <div className="pr-8">{title}</div>
      {description}
    </div>
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
