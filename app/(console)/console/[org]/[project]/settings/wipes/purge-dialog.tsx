'use client'

import { ConfirmCall } from '#components/ui/confirm-call'
import { Time } from '#components/ui/time'
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
  const rows = rowsInWords(totalOf(wipe.rowCounts))
  return (
    <ConfirmCall
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
      call={usePurgeWipe(org, project)}
      sent={{ wipeId: wipe.id, confirm: slug }}
      toast={`${rows} of ${slug} were purged`}
      onClose={onClose}
    >
      <RowCounts label="What is deleted permanently" counts={wipe.rowCounts} />
    </ConfirmCall>
  )
}
