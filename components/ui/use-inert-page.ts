import { useId, useLayoutEffect } from 'react'

/** Those that are open. */
const windows = new Set<string>()
const mark = () => document.getElementById('root')?.toggleAttribute('inert', windows.size > 0)

/**
 * While a window is open, nothing of the page behind it can have the focus. At its end a window hands the focus back to its beginning, but a frame
 * later, and a Tab that is held down is quicker. Answers what the window is given: it begins with the first focus in there, since by then it is
 * known where the focus goes back to.
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
