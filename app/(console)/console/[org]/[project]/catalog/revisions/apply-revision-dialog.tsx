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
      description="The catalog becomes what it was then: anything added since is deleted from it. This creates a new revision."
      confirmLabel="Apply again"
      pending={apply.isPending}
      error={apply.error?.message}
      disabledReason={
        !outcomes
          ? destructive
            ? 'Turn on Force first'
            : 'Computing the difference'
          : changesIn(outcomes) === 0
            ? outcomes.failed.length > 0
              ? 'Every remaining change fails'
              : 'The catalog is already the same'
            : null
      }
      onConfirm={() => apply.mutate({ revisionId: revision.id, force })}
      done={
        done && {
          title: apply.data?.failed.length ? 'Partly applied again: some items failed' : 'Applied again',
          content: (
            <>
              <p className="text-muted">{inWords(done)}</p>
              <OutcomeList label="Result of each item" outcomes={done} className="max-h-96" />
            </>
          ),
        }
      }
    >
      {preview.isPending && <SkeletonText label="Computing the difference" lines={5} />}
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
          hint="Allows changes that lose data or change what people see: entities in a removed state move to the initial state, values of removed properties are deleted, and cells that limit someone’s access may change."
          checked={force}
          onChange={setForce}
        />
      )}
    </ConfirmDialog>
  )
}
