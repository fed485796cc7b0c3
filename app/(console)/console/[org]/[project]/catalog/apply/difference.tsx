import { useMemo, useState } from 'react'
import { OutcomeList, type OutcomeListProps } from '#components/catalog/outcome-list'
import { changesIn, inWords, outcomesOf } from '#components/catalog/outcomes'
import { Button } from '#components/ui/button'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { EmptyState } from '#components/ui/empty-state'
import { Section } from '#components/ui/section'
import type { ApplyResult } from '#contract/apply/apply'

interface DifferenceProps extends Pick<OutcomeListProps, 'lineOf' | 'onGoTo'> {
  /** The result of the dry run. */
  result: ApplyResult
  /** The document or its target has changed since. */
  stale: boolean
  project: string
  envName: string
  forced: boolean
  onApply: () => void
}

/** What the document would change, and the button that applies it. Destructive changes ask for confirmation. */
export function Difference({ result, stale, project, envName, forced, onApply, ...places }: DifferenceProps) {
  const [asked, setAsked] = useState(false)
  const outcomes = useMemo(() => outcomesOf(result.diff, result), [result])
  const changes = changesIn(outcomes)
  const { failed, deleted } = outcomes
  const total = Object.values(outcomes).reduce((sum, items) => sum + items.length, 0)
  const destroys = forced || deleted.length > 0
  return (
    <Section
      title="Difference"
      description={`In ${envName}: ${inWords(outcomes)}. Nothing has changed yet.`}
      actions={
        <Button
          variant={destroys ? 'danger' : 'primary'}
          onClick={() => (destroys ? setAsked(true) : onApply())}
          disabledReason={
            stale
              ? 'The document or its options changed. Show the difference again.'
              : changes === 0
                ? 'There is nothing to change'
                : null
          }
        >
          {failed.length > 0 ? 'Apply what works' : 'Apply'}
          {destroys && '…'}
        </Button>
      }
    >
      {stale && <p className="mb-3 text-muted">This is the difference for an earlier version of the document.</p>}
      {total === 0 ? (
        <EmptyState title="The document has no items" />
      ) : (
        <OutcomeList label="What changes" outcomes={outcomes} {...places} />
      )}
      <ConfirmDialog
        open={asked}
        onOpenChange={setAsked}
        title={`Apply this to ${project}?`}
        description={
          deleted.length > 0
            ? `This deletes ${deleted
                .map(({ name }) => name)
                .slice(0, 5)
                .join(', ')}${deleted.length > 5 ? ` and ${deleted.length - 5} more` : ''} from the catalog.`
            : 'With force, states and properties in use are removed together with their values, and cells that limit someone’s access may change.'
        }
        confirmLabel="Apply"
        pending={false}
        error={null}
        onConfirm={() => {
          setAsked(false)
          onApply()
        }}
      />
    </Section>
  )
}
