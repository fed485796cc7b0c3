'use client'

import { useQuery } from '@tanstack/react-query'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { Notice } from '#components/ui/notice'
import { Time } from '#components/ui/time'
import { useToast } from '#components/ui/toast'
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
      title={nuked ? `Undo the nuke of ${slug}?` : `Bring back what an undo set aside in ${slug}?`}
      description={
        <>
          What was wiped <Time exact value={wipe.wipedAt} /> becomes live again, at once and for everybody.
        </>
      }
      confirmLabel={nuked ? 'Undo nuke' : 'Bring back'}
      pending={restore.isPending}
      error={(restore.error ?? live.error)?.message}
      disabledReason={live.data ? null : 'What is live now is not known yet'}
      onConfirm={() =>
        restore.mutate(wipe.id, {
          onSuccess: ({ rowCountsRestored, replaced }) => {
            onClose()
            toast(`${rowsInWords(totalOf(rowCountsRestored))} of ${slug} are back`, {
              description:
                replaced &&
                `${rowsInWords(totalOf(replaced.rowCounts))} that were live are set aside, with a receipt of their own`,
            })
          },
        })
      }
    >
      <RowCounts
        label="What comes back"
        counts={wipe.rowCounts}
        {...(live.data &&
          totalOf(live.data.rowCounts) > 0 && {
            countsLabel: 'Comes back',
            beside: { label: 'Live now', counts: live.data.rowCounts },
          })}
      />
      {live.data && <SetAside live={live.data} />}
    </ConfirmDialog>
  )
}

function SetAside({ live: { rowCounts, retentionHours } }: { live: NukePreview }) {
  const rows = totalOf(rowCounts)
  if (rows === 0) return <Notice>The project is empty now, so nothing is set aside.</Notice>
  if (retentionHours === 0) {
    return (
      <Notice tone="danger" title={`${rowsInWords(rows)} that are live now will be gone for good`}>
        This server keeps nothing of what is wiped.
      </Notice>
    )
  }
  return (
    <Notice title={`${rowsInWords(rows)} that are live now are set aside`}>
      They become a wipe of their own, with a receipt, which can be undone for {hoursInWords(retentionHours)}.
    </Notice>
  )
}
