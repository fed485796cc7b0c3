'use client'

import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'
import { useState } from 'react'

interface TooltipProps {
  /** Short text that repeats or explains; never the only place of a fact. */
  content: ReactNode
  /** The element with the tooltip; receives the trigger's props and ref. */
  children: ReactElement
  side?: 'top' | 'right' | 'bottom' | 'left'
  /** Also opens on press, the only way to read it on a touch screen. */
  openOnPress?: boolean
  disabled?: boolean
}

/**
 * A small text on hover and keyboard focus. Hidden from assistive technology, which gets the same from the control's name or
 * description.
 */
export function Tooltip({ content, children, side = 'top', openOnPress = false, disabled = false }: TooltipProps) {
  const [open, setOpen] = useState(false)
  return (
    <Base.Root open={open && !disabled} onOpenChange={setOpen} disabled={disabled}>
      <Base.Trigger
        render={children}
        closeOnClick={!openOnPress}
        onPointerUp={openOnPress && !disabled ? () => setOpen(true) : undefined}
      />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} collisionPadding={8} className="z-50">
          <Base.Popup
            aria-hidden
            className="max-w-72 rounded-sm bg-ink px-2 py-1 text-xs text-canvas transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
          >
            {content}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
