import type { ComponentType } from 'react'
import { useEffect, useState } from 'react'
import { Button } from './button.tsx'
import { Dialog, DialogActions } from './dialog.tsx'

interface Closable {
  /** Of dialogs that stay mounted while they are closed. */
  open?: boolean
  onClose: () => void
}

/**
 * A dialog or panel whose code is fetched when it first opens, so that pages load without it. What had the focus keeps it until
 * the dialog is there.
 */
export function lazyDialog<Props extends Closable>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let Loaded: ComponentType<Props> | undefined
  return function LazyDialog(props: Props) {
    const [state, setState] = useState<'loading' | 'loaded' | 'failed'>(Loaded ? 'loaded' : 'loading')
    const isOpen = props.open ?? true
    useEffect(() => {
      if (!isOpen || state !== 'loading') return undefined
      let isGone = false
      const settle = (next: 'loaded' | 'failed') => !isGone && setState(next)
      load().then(
        (component) => {
          Loaded = component
          settle('loaded')
        },
        () => settle('failed'),
      )
      return () => {
        isGone = true
      }
    }, [isOpen, state])
    if (Loaded) return <Loaded {...props} />
    if (!isOpen) return null
    if (state === 'failed') return <NotLoaded onRetry={() => setState('loading')} onClose={props.onClose} />
    return <output className="sr-only">Loading…</output>
  }
}

function NotLoaded({ onRetry, onClose }: { onRetry: () => void; onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="sm"
      title="This dialog couldn’t be loaded"
      description="Check your connection, then try again. If the server was just updated, reload the page."
    >
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" onClick={onRetry}>
          Try again
        </Button>
      </DialogActions>
    </Dialog>
  )
}
