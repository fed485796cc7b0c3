'use client'

import { useQuery } from '@tanstack/react-query'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { Notice } from '#components/ui/notice'
import { Time } from '#components/ui/time'
import { useToast } from '#components/ui/toast'
import { reasonHint } from '#components/wipes/reason'
import { RowCounts } from '#components/wipes/row-counts'
import { hoursInWords, rowsInWords, totalOf } from '#components/wipes/table-name'
import type { NukePreview, Wipe } from '#contract/nuke/nuke'
import { nukePreviewQuery, useRestoreWipe } from '#queries/nuke/nuke'

interface UndoDialogProps {
  org: string
  project: string
  slug: string
  wipe: Wipe
  onClose: () => void
}

/** Undoes a nuke or an earlier undo. Shows what comes back, and what happens to the current data. */
export function UndoDialog({ org, project, slug, wipe, onClose }: UndoDialogProps) {
  const restore = useRestoreWipe(org, project)
  const live = useQuery({ ...nukePreviewQuery(org, project), enabled: !restore.isSuccess })
  const toast = useToast()
  const nuked = wipe.reason === 'nuke'
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      size="lg"
      variant="primary"
      title={nuked ? `Undo the nuke of ${slug}?` : `Restore what an undo replaced in ${slug}?`}
      description={
        <>
          This immediately brings back the data that was removed <Time exact value={wipe.wipedAt} />, for everyone.
        </>
      }
      confirmLabel={nuked ? 'Undo nuke' : 'Restore data'}
      pending={restore.isPending}
      error={(restore.error ?? live.error)?.message}
      disabledReason={live.data ? null : 'Counting the current data'}
      reasonHint={reasonHint}
      onConfirm={(reason) =>
        restore.mutate(
          { wipeId: wipe.id, reason },
          {
            onSuccess: ({ rowCountsRestored, replaced }) => {
              onClose()
              toast(`${rowsInWords(totalOf(rowCountsRestored))} of ${slug} were brought back`, {
                description:
                  replaced &&
                  `${rowsInWords(totalOf(replaced.rowCounts))} were replaced. A receipt of their own lets you restore them.`,
              })
            },
          },
        )
      }
    >
      <RowCounts
        label="What comes back"
        counts={wipe.rowCounts}
        {...(live.data &&
          totalOf(live.data.rowCounts) > 0 && {
            countsLabel: 'Comes back',
            beside: { label: 'Current data', counts: live.data.rowCounts },
          })}
      />
      {live.data && <SetAside live={live.data} />}
    </ConfirmDialog>
  )
}

function SetAside({ live: { rowCounts, retentionHours } }: { live: NukePreview }) {
  const rows = totalOf(rowCounts)
  if (rows === 0) return <Notice>The project is empty, so this replaces nothing.</Notice>
  if (retentionHours === 0) {
    return (
      <Notice tone="danger" title={`${rowsInWords(rows)} of current data will be removed permanently`}>
        This server doesn’t keep data that an undo replaces.
      </Notice>
    )
  }
  return (
    <Notice title={`${rowsInWords(rows)} of current data will be replaced`}>
      They get a receipt of their own. You can restore them for {hoursInWords(retentionHours)}.
    </Notice>
  )
}
