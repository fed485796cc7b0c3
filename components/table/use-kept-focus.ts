import type { FocusEvent, RefObject } from 'react'
import { useEffect, useRef } from 'react'

/**
 * When a row goes and takes with it what had the focus, `place` gets it: the next Tab then goes on there, not at the beginning of the
 * page. Answers what the table is given to learn where the focus is.
 */
export function useKeptFocus(place: RefObject<HTMLElement | null>) {
  const last = useRef<Element | null>(null)
  useEffect(() => {
    if (!last.current || last.current.isConnected) return
    // A dialog that has just closed gives the focus back first, if what opened it is still there.
    const soon = setTimeout(() => {
      if (last.current?.isConnected || document.activeElement !== document.body) return
      last.current = null
      place.current?.focus({ preventScroll: true })
    }, 50)
    return () => clearTimeout(soon)
  })
  return { onFocus: (event: FocusEvent) => void (last.current = event.target) }
}
