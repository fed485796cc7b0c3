import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'

const rowHeight = 36
const headHeight = 32

interface VirtualRows {
  /** The number of rows that the scroll bar represents. */
  count: number
  /** The number of rows that have loaded. */
  read: number
  /** Loads the next page; undefined when there is none, or one is loading. */
  onMore: (() => void) | undefined
}

/** Which rows are in the document, the row that Tab reaches, and the keys that move it. */
export function useVirtualRows({ count, read, onMore }: VirtualRows) {
  const scroller = useRef<HTMLElement>(null)
  const [active, setActive] = useState(0)
  const focusNext = useRef(false)
  const focusable = Math.min(active, read - 1)
  // It returns new functions each time; nothing here is memoized.
  // oxlint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    // The row that Tab reaches always stays in the document, so that scrolling cannot remove the focus.
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range)
      return focusable < 0 || indexes.includes(focusable) ? indexes : [...indexes, focusable].toSorted((a, b) => a - b)
    },
  })
  const found = virtualizer.getVirtualItems()
  const items = found.map(({ index, key, start }, i) => ({ index, key, before: start - (found[i - 1]?.end ?? headHeight) }))
  const last = found.findLast(({ index }) => index !== focusable)?.index ?? 0

  useEffect(() => {
    if (last >= read - 40) onMore?.()
  }, [last, read, onMore])

  // The row may have just been added to the document.
  useEffect(() => {
    if (!focusNext.current) return
    focusNext.current = false
    scroller.current?.querySelector<HTMLElement>(`[data-index="${active}"] a`)?.focus({ preventScroll: true })
  }, [active])

  function onKeyDown(event: KeyboardEvent) {
    if (event.metaKey || event.ctrlKey || event.altKey || read === 0) return
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - headHeight) / rowHeight) - 1)
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = Math.min(Math.max(focusable + step, 0), read - 1)
    if (next === active) return
    focusNext.current = true
    setActive(next)
    virtualizer.scrollToIndex(next)
  }

  const after = virtualizer.getTotalSize() + headHeight - (found.at(-1)?.end ?? headHeight)
  return { scroller, items, after, active: focusable, setActive, onKeyDown }
}
