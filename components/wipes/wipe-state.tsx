import { Badge } from '#components/ui/badge'
import { Time } from '#components/ui/time'
import type { Wipe } from '#contract/nuke'

/** What a wipe was made by, in words. */
export const wipeInWords = { nuke: 'Nuke', undo: 'Set aside by an undo' } satisfies Record<Wipe['reason'], string>

/** Whether it can still be brought back, and until when. */
export function WipeState({ wipe }: { wipe: Wipe }) {
  if (wipe.state === 'restored') {
    return (
      <span className="inline-flex items-center gap-2">
        <Badge>Undone</Badge>
        {wipe.restoredAt && <Time value={wipe.restoredAt} className="text-muted" />}
      </span>
    )
  }
  if (wipe.state === 'purged') return <Badge dot="off">Purged</Badge>
  return (
    <span className="inline-flex items-center gap-2">
      <Badge tone="accent" dot="on">
        Can be undone
      </Badge>
      <span className="text-muted">
        ends <Time value={wipe.restoreBefore} />
      </span>
    </span>
  )
}

/** Why a wipe cannot be undone; null when it can, as far as the wipe itself goes. */
export const undoRefusal = {
  restorable: null,
  restored: 'This has already been undone',
  purged: 'The time in which this could be undone is over',
} satisfies Record<Wipe['state'], string | null>
