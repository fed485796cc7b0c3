import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { needForce } from '#components/catalog/need-force'
import { OutcomeList } from '#components/catalog/outcome-list'
import { changesIn, inWords, outcomesOf } from '#components/catalog/outcomes'
import { Checkbox } from '#components/ui/checkbox'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { Notice } from '#components/ui/notice'
import { SkeletonText } from '#components/ui/skeleton'
import { utcTime } from '#components/ui/time'
import type { CatalogRevision } from '#contract/apply/catalog-revisions'
import { applyRevisionPreviewQuery, useApplyCatalogRevision } from '#queries/apply/catalog-revisions'

interface ApplyRevisionDialogProps {
  org: string
  project: string
  revision: CatalogRevision
  onClose: () => void
}

/** Restores an earlier catalog: shows what that would change, then applies it. */
export function ApplyRevisionDialog({ org, project, revision, onClose }: ApplyRevisionDialogProps) {
  const [force, setForce] = useState(false)
  const apply = useApplyCatalogRevision(org, project)
  const preview = useQuery({ ...applyRevisionPreviewQuery(org, project, revision.id, force), enabled: !apply.isSuccess })
  const outcomes = preview.data && outcomesOf(preview.data.diff, preview.data)
  const why = preview.error && needForce[preview.error.code]
  const destructive = why !== null && why !== undefined
  const done = apply.data && outcomesOf(apply.data.diff, apply.data)
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      size="lg"
      variant={force || (outcomes && outcomes.deleted.length > 0) ? 'danger' : 'primary'}
      title={`Apply the catalog of ${utcTime(revision.createdAt)} again?`}
      description="What is in it is applied, and what is not in it is deleted from the catalog. A new revision is made."
      confirmLabel="Apply again"
      pending={apply.isPending}
      error={apply.error?.message}
      disabledReason={
        !outcomes
          ? destructive
            ? 'It needs force'
            : 'What would change is not known yet'
          : changesIn(outcomes) === 0
            ? outcomes.failed.length > 0
              ? 'Nothing is left to change but what fails'
              : 'The catalog is as it was then'
            : null
      }
      onConfirm={() => apply.mutate({ revisionId: revision.id, force })}
      done={
        done && {
          title: apply.data?.failed.length ? 'Applied again, but for what failed' : 'Applied again',
          content: (
            <>
              <p className="text-muted">{inWords(done)}</p>
              <OutcomeList label="What became of each item" outcomes={done} className="max-h-96" />
            </>
          ),
        }
      }
    >
      {preview.isPending && <SkeletonText label="Working out the difference" lines={5} />}
      {preview.error && (
        <Notice tone={destructive ? 'danger' : 'warning'} title={why ?? preview.error.message}>
          {preview.error.details.map(({ message }, i) => (
            // oxlint-disable-next-line react/no-array-index-key -- two tokens may have one name
            <div key={i}>{message}</div>
          ))}
        </Notice>
      )}
      {outcomes && (
        <>
          <p className="text-muted">{inWords(outcomes)}</p>
          <OutcomeList label="What would change" outcomes={outcomes} className="max-h-80" />
        </>
      )}
      {(destructive || force) && (
        <Checkbox
          label="Force"
          hint="Also drop states that entities are in, which move to the initial one, and properties that have values, which are lost, and change cells that somebody is limited to."
          checked={force}
          onChange={setForce}
        />
      )}
    </ConfirmDialog>
  )
}
