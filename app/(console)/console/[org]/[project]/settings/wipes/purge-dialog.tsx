'use client'

import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { Time } from '#components/ui/time'
import { useToast } from '#components/ui/toast'
import { RowCounts } from '#components/wipes/row-counts'
import { rowsInWords, totalOf } from '#components/wipes/table-name'
import type { Wipe } from '#contract/nuke/nuke'
import { usePurgeWipe } from '#queries/nuke/nuke'

interface PurgeDialogProps {
  org: string
  project: string
  slug: string
  wipe: Wipe
  onClose: () => void
}

/** Deletes what a nuke or an undo removed, before its retention time is over. */
export function PurgeDialog({ org, project, slug, wipe, onClose }: PurgeDialogProps) {
  const purge = usePurgeWipe(org, project)
  const toast = useToast()
  const rows = rowsInWords(totalOf(wipe.rowCounts))
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      size="lg"
      title={`Purge nuked data of ${slug}?`}
      description={
        <>
          This permanently deletes the data that was removed <Time exact value={wipe.wipedAt} />. Nobody can bring it back after
          that. The receipt stays.
        </>
      }
      confirmLabel="Purge data"
      typeToConfirm={slug}
      pending={purge.isPending}
      error={purge.error?.message}
      onConfirm={() =>
        purge.mutate(
          { wipeId: wipe.id, confirm: slug },
          {
            onSuccess: () => {
              onClose()
              toast(`${rows} of ${slug} were purged`)
            },
          },
        )
      }
    >
      <RowCounts label="What is deleted permanently" counts={wipe.rowCounts} />
    </ConfirmDialog>
  )
}
