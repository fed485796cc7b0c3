import { Badge } from '#components/ui/badge'
import { Time } from '#components/ui/time'
import type { Wipe } from '#contract/nuke/nuke'

/** What removed the data, in words. */
export const wipeInWords = { nuke: 'Nuke', undo: 'Replaced by an undo' } satisfies Record<Wipe['reason'], string>

/** Whether it can still be undone. */
export function WipeBadge({ state }: { state: Wipe['state'] }) {
  if (state === 'restored') return <Badge>Undone</Badge>
  if (state === 'purged') return <Badge dot="off">Can’t be undone</Badge>
  return (
    <Badge tone="accent" dot="on">
      Can be undone
    </Badge>
  )
}

/** The same, with the time of its expiry or of the undo. */
export function WipeState({ wipe }: { wipe: Wipe }) {
  return (
    <span className="inline-flex items-center gap-2">
      <WipeBadge state={wipe.state} />
      {wipe.state === 'restorable' && (
        <span className="text-muted">
          ends <Time value={wipe.restoreBefore} />
        </span>
      )}
      {wipe.state === 'restored' && wipe.restoredAt && <Time value={wipe.restoredAt} className="text-muted" />}
    </span>
  )
}

/** Why it cannot be undone; null when it can, as far as its own state goes. */
export const undoRefusal = {
  restorable: null,
  restored: 'This has already been undone',
  purged: 'This can no longer be undone',
} satisfies Record<Wipe['state'], string | null>

/** Why it cannot be purged; null when it can, as far as its own state goes. */
export const purgeRefusal = {
  restorable: null,
  restored: 'This has been undone, so there is nothing to purge',
  purged: 'This can no longer be undone, and is purged on its own',
} satisfies Record<Wipe['state'], string | null>
