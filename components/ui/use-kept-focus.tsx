import type { FocusEvent, RefObject } from 'react'
import { useEffect, useRef } from 'react'

/** Milliseconds between two checks of the focus. */
const PAUSE = 50

/**
 * Moves the focus to `place` when the focused element disappears, so that Tab continues there: a row, a button whose action is
 * done, or the selection bar once nothing is `selected`. Returns props for the element around, which track the focus.
 */
export function useKeptFocus(place: RefObject<HTMLElement | null>, selected = 0) {
  const last = useRef<Element | null>(null)
  const before = useRef(selected)
  const isCleared = useRef(false)
  useEffect(() => {
    isCleared.current ||= before.current > 0 && selected === 0
    before.current = selected
    const isLost = () => isCleared.current || last.current?.isConnected === false
    if (!isLost()) return
    // A closing dialog returns the focus first, if the element that opened it still exists.
    const look = () => {
      if (document.activeElement?.closest('[data-ending-style]')) return void (soon = setTimeout(look, PAUSE))
      const mayMove = isLost() && document.activeElement === document.body
      isCleared.current = false
      if (!mayMove) return
      last.current = null
      place.current?.focus({ preventScroll: true })
    }
    let soon = setTimeout(look, PAUSE)
    return () => clearTimeout(soon)
  })
  return { onFocus: (event: FocusEvent) => void (last.current = event.target) }
}
