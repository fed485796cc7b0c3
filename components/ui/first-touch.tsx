'use client'

import { type ComponentType, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { useToast } from './toast.tsx'

/** For the button that stands in for a control until its code is there. */
export interface Touch {
  onPointerEnter: () => void
  onFocus: () => void
  onClick: () => void
  onKeyDown: (event: KeyboardEvent) => void
  'aria-busy': true | undefined
}

/**
 * Fetches the code of a control, such as a menu, when its button is first touched, so that pages load without it. `Control` is
 * there once the button was pressed; it opens itself with `useOpenAtOnce`.
 */
export function useFirstTouch<Props>(load: () => Promise<ComponentType<Props>>) {
  const [Control, setControl] = useState<ComponentType<Props>>()
  const [isLoading, setLoading] = useState(false)
  const toast = useToast()
  const preload = () => void load().catch(() => undefined)
  function press() {
    if (isLoading) return
    setLoading(true)
    load().then(
      (loaded) => setControl(() => loaded),
      () => {
        setLoading(false)
        toast('This couldn’t be opened', { description: 'Check your connection, then try again.' })
      },
    )
  }
  const touch: Touch = {
    onPointerEnter: preload,
    onFocus: preload,
    onClick: press,
    onKeyDown(event) {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
      event.preventDefault()
      press()
    },
    'aria-busy': isLoading || undefined,
  }
  return { Control, touch }
}

/** How a closed list or window, whose code is not there yet, appears to assistive technology. */
export const closedCombobox = (popup: 'listbox' | 'dialog') =>
  ({ role: 'combobox', 'aria-haspopup': popup, 'aria-expanded': false }) as const

/** Presses the button of a control that was fetched because its button was pressed. */
export function useOpenAtOnce(): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null)
  const isDone = useRef(false)
  useEffect(() => {
    if (isDone.current) return
    isDone.current = true
    button.current?.focus()
    button.current?.click()
  }, [])
  return button
}
