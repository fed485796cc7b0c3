import { Actor } from '#components/actor'
import { DescriptionList } from '#components/ui/description-list'
import { Mono } from '#components/ui/mono'
import { Notice } from '#components/ui/notice'
import { Time } from '#components/ui/time'
import type { RowCounts as Counts, Wipe } from '#contract/nuke/nuke'
import { Reason } from './reason.tsx'
import { RowCounts } from './row-counts.tsx'
import { WipeBadge, wipeInWords } from './wipe-state.tsx'

const differs = (a: Counts, b: Counts) => Object.keys({ ...a, ...b }).some((table) => (a[table] ?? 0) !== (b[table] ?? 0))

export interface WipedRowsProps {
  counts: Counts
  /** The numbers shown before; differences are listed by table. */
  shown?: Counts | undefined
}

/** The rows that were removed, and whether they match the numbers shown before. */
export function WipedRows({ counts, shown }: WipedRowsProps) {
  const changed = shown !== undefined && differs(shown, counts)
  return (
    <>
      {changed && (
        <Notice tone="warning" title="The data changed after the preview">
          Someone wrote to the project in the meantime. These are the rows that were removed.
        </Notice>
      )}
      <RowCounts
        label="What was removed"
        counts={counts}
        countsLabel={changed ? 'Removed' : 'Rows'}
        beside={changed ? { label: 'In the preview', counts: shown, mark: true } : undefined}
      />
    </>
  )
}

/** The receipt of a nuke or undo: the numbers, who, when, and how long it can be undone. */
export function Receipt({ wipe, shown }: { wipe: Wipe; shown?: Counts | undefined }) {
  return (
    <div className="space-y-4">
      <WipedRows counts={wipe.rowCounts} shown={shown} />
      <DescriptionList
        items={[
          { label: wipeInWords[wipe.reason], value: <Time exact value={wipe.wipedAt} className="tabular-nums" /> },
          { label: 'By', value: <Actor actor={wipe.wipedBy} /> },
          ...(wipe.statedReason ? [{ label: 'Reason', value: <Reason text={wipe.statedReason} /> }] : []),
          { label: 'State', value: <State wipe={wipe} /> },
          ...(wipe.restoreReason ? [{ label: 'Reason for the undo', value: <Reason text={wipe.restoreReason} /> }] : []),
          { label: 'Receipt id', value: <Mono copy="receipt id">{wipe.id}</Mono> },
        ]}
      />
    </div>
  )
}

const sinceOrUntil = { restorable: 'until', restored: 'at', purged: 'since' } satisfies Record<Wipe['state'], string>

function State({ wipe }: { wipe: Wipe }) {
  const moment = { restorable: wipe.restoreBefore, restored: wipe.restoredAt, purged: wipe.purgedAt ?? wipe.restoreBefore }[
    wipe.state
  ]
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <WipeBadge state={wipe.state} />
      {moment && (
        <span>
          {sinceOrUntil[wipe.state]} <Time exact value={moment} className="tabular-nums" />
        </span>
      )}
    </span>
  )
}
