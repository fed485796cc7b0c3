import { useEffect, useEffectEvent, useRef } from 'react'

/**
 * Keeps what is typed between the press that opens a field and the moment at which it has the focus, since its code may still be
 * on the way. The field calls `take` when it gets the focus.
 */
export function useTypedAhead(isOpen: boolean, onEscape: () => void): { take: () => string } {
  const typed = useRef('')
  const isReady = useRef(false)
  const escape = useEffectEvent(onEscape)
  useEffect(() => {
    if (!isOpen) return undefined
    typed.current = ''
    isReady.current = false
    const keep = (event: KeyboardEvent) => {
      if (isReady.current || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === 'Escape') escape()
      else if (event.key === 'Backspace') typed.current = typed.current.slice(0, -1)
      else if (event.key.length === 1) typed.current += event.key
      else if (event.key !== 'Enter') return
      event.preventDefault()
      event.stopPropagation()
    }
    addEventListener('keydown', keep, true)
    return () => removeEventListener('keydown', keep, true)
  }, [isOpen])
  return {
    take: () => {
      isReady.current = true
      const text = typed.current
      typed.current = ''
      return text
    },
  }
}
