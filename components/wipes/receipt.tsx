import { Actor } from '#components/actor'
import { DescriptionList } from '#components/ui/description-list'
import { Mono } from '#components/ui/mono'
import { Notice } from '#components/ui/notice'
import { Time } from '#components/ui/time'
import type { RowCounts as Counts, Wipe } from '#contract/nuke'
import { RowCounts } from './row-counts.tsx'
import { WipeState, wipeInWords } from './wipe-state.tsx'

export interface ReceiptProps {
  wipe: Wipe
  /** The numbers that were shown before; said where they differ. */
  shown?: Counts | undefined
}

const differs = (a: Counts, b: Counts) => Object.keys({ ...a, ...b }).some((table) => (a[table] ?? 0) !== (b[table] ?? 0))

/** What a nuke or an undo took out of the project: the numbers, who, when, and until when it can be brought back. */
export function Receipt({ wipe, shown }: ReceiptProps) {
  const changed = shown && differs(shown, wipe.rowCounts)
  return (
    <div className="space-y-4">
      {changed && (
        <Notice tone="warning" title="The numbers changed after they were shown">
          Somebody wrote to the project in the meantime. These are the rows that were wiped.
        </Notice>
      )}
      <RowCounts
        label="What was wiped"
        counts={wipe.rowCounts}
        beside={changed ? { label: 'Shown before', counts: shown } : undefined}
      />
      <DescriptionList
        items={[
          { label: 'What', value: wipeInWords[wipe.reason] },
          { label: 'By', value: <Actor actor={wipe.wipedBy} /> },
          { label: 'At', value: <Time exact value={wipe.wipedAt} /> },
          { label: 'State', value: <WipeState wipe={wipe} /> },
          { label: deadlineLabel[wipe.state], value: <Time exact value={deadline(wipe)} /> },
          { label: 'Wipe id', value: <Mono copy="wipe id">{wipe.id}</Mono> },
        ]}
      />
    </div>
  )
}

const deadlineLabel = { restorable: 'Undo until', restored: 'Undone at', purged: 'Could be undone until' } satisfies Record<
  Wipe['state'],
  string
>
const deadline = (wipe: Wipe) => wipe.restoredAt ?? wipe.restoreBefore
