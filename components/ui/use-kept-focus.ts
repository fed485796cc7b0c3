import type { FocusEvent, RefObject } from 'react'
import { useEffect, useRef } from 'react'

/** Milliseconds between two looks at where the focus is. */
const PAUSE = 50

/**
 * When what had the focus goes, `place` gets it: the next Tab then goes on there, not at the beginning of the page. That is a row, a button that
 * has done its work, or, once nothing is `selected` any more, the bar that offers what to do with all that was. Answers what the element around is
 * given to learn where the focus is.
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
    // A dialog that is closing gives the focus back first, if what opened it is still there.
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
