'use client'

import { CloudOff } from 'lucide-react'
import { useSyncExternalStore } from 'react'

function subscribe(change: () => void) {
  addEventListener('online', change)
  addEventListener('offline', change)
  return () => {
    removeEventListener('online', change)
    removeEventListener('offline', change)
  }
}

/** Shows a notice while the connection is lost. */
export function ConnectionNotice() {
  const online = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  )
  return (
    <div role="alert">
      {!online && (
        <p className="flex items-center gap-2 border-b border-line bg-sunken px-4 py-2 sm:px-6">
          <CloudOff aria-hidden className="size-4 text-muted" />
          No connection. What you typed is still here. You can save it when the connection is back.
        </p>
      )}
    </div>
  )
}
