import { useId, useLayoutEffect } from 'react'

/** The open windows. */
const windows = new Set<string>()
const mark = () => document.getElementById('root')?.toggleAttribute('inert', windows.size > 0)

/**
 * Keeps the focus out of the page while a window is open: a window wraps the focus only a frame later, and a held Tab is faster.
 * Returns props for the window. It starts with the first focus inside, when the place to return to is known.
 */
export function useInertPage(open: boolean) {
  const id = useId()
  useLayoutEffect(() => {
    if (!open) return
    return () => {
      windows.delete(id)
      mark()
    }
  }, [open, id])
  return {
    onFocus: () => {
      if (!open) return
      windows.add(id)
      mark()
    },
  }
}
