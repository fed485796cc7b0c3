'use client'

import { useSyncExternalStore } from 'react'
import { Kbd } from '#components/ui/kbd'

const never = () => () => {}
const isMac = () => /mac|iphone|ipad/i.test(navigator.platform)

/** What opens the palette: ⌘K on a Mac, Ctrl K elsewhere. Both work everywhere. */
export function PaletteKeys() {
  // The server does not know, and either has the same width.
  const mac = useSyncExternalStore(never, isMac, () => false)
  return (
    <span className="inline-flex w-11 justify-end">
      <Kbd>{mac ? '⌘K' : 'Ctrl K'}</Kbd>
    </span>
  )
}
