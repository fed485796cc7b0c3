import type { ReactNode } from 'react'
import { Dialog } from '#components/ui/dialog'
import { Kbd } from '#components/ui/kbd'
import { Switch } from '#components/ui/switch'
import { PaletteKeys } from './palette-keys.tsx'
import { type Shortcut, useSingleKeys } from './use-shortcuts.tsx'

interface ShortcutsDialogProps {
  shortcuts: readonly Shortcut[]
  onClose: () => void
}

/** What each key does, and a switch for the single keys. */
export function ShortcutsDialog({ shortcuts, onClose }: ShortcutsDialogProps) {
  const [on, set] = useSingleKeys()
  return (
    <Dialog open onOpenChange={onClose} title="Keyboard shortcuts">
      <div className="mb-3 border-b border-line pb-3">
        <Switch
          label="Single keys"
          hint="Turn them off if you use speech input. The palette keeps its shortcut."
          checked={on}
          onChange={set}
        />
      </div>
      <dl className="grid gap-x-8 gap-y-1 sm:grid-cols-2">
        <Line keys={<PaletteKeys />}>Find and do anything</Line>
        <Line keys={<Kbd>/</Kbd>}>Filter this list</Line>
        <Line keys={<Kbd>?</Kbd>}>Show these shortcuts</Line>
        <Line keys={<Kbd>Esc</Kbd>}>Close what is open</Line>
        {shortcuts.map(({ letter, label }) => (
          <Line
            key={letter}
            keys={
              <>
                <Kbd>G</Kbd> <span className="text-xs text-muted">then</span> <Kbd>{letter.toUpperCase()}</Kbd>
              </>
            }
          >
            {label}
          </Line>
        ))}
      </dl>
    </Dialog>
  )
}

const Line = ({ keys, children }: { keys: ReactNode; children: ReactNode }) => (
  <div className="flex min-h-7 items-center justify-between gap-3">
    <dt className="min-w-0">{children}</dt>
    <dd className="flex shrink-0 items-center gap-1">{keys}</dd>
  </div>
)
