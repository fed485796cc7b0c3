'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { CloseCorner } from './dialog.tsx'
import { DialogHead, dialogDescription, dialogTitle, scrim } from './dialog-parts.tsx'
import { Holding, useHolder } from './unsaved.tsx'
import { useInertPage } from './use-inert-page.ts'

export interface SidePanelProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  /** The title names the panel but is not shown. */
  hideTitle?: boolean
  description?: ReactNode
  side?: 'left' | 'right'
  width?: 'sm' | 'md' | 'lg'
  /** Stays at the bottom while the content scrolls: the buttons. */
  footer?: ReactNode
  children: ReactNode
}

const widths = { sm: 'w-72', md: 'w-120', lg: 'w-180' }

/** A modal panel at the edge of the window, for the details of one row or for navigation on a small screen. */
export function SidePanel({ open, onOpenChange, title, description, side = 'right', width = 'md', ...props }: SidePanelProps) {
  const { footer, hideTitle = false, children } = props
  const inert = useInertPage(open)
  const { holder, change, question } = useHolder(open, onOpenChange)
  return (
    <Base.Root open={open} onOpenChange={change}>
      <Base.Portal>
        <Base.Backdrop className={scrim} />
        <Base.Popup
          {...inert}
          className={clsx(
            'fixed inset-y-0 z-30 flex max-w-[calc(100vw-2.5rem)] flex-col bg-raised shadow-popup outline-none transition-transform duration-150 ease-out',
            side === 'right'
              ? 'right-0 data-ending-style:translate-x-full data-starting-style:translate-x-full'
              : 'left-0 data-ending-style:-translate-x-full data-starting-style:-translate-x-full',
            widths[width],
          )}
        >
          {hideTitle ? (
            <Base.Title className="sr-only">{title}</Base.Title>
          ) : (
            <DialogHead
              title={<Base.Title className={dialogTitle}>{title}</Base.Title>}
              description={description && <Base.Description className={dialogDescription}>{description}</Base.Description>}
            />
          )}
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5">
            <Holding value={holder}>{children}</Holding>
          </div>
          {footer && <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">{footer}</div>}
          <CloseCorner />
          {question}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
