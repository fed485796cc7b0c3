import { useMemo } from 'react'
import { OutcomeList, type OutcomeListProps } from '#components/catalog/outcome-list'
import { changesIn, inWords, outcomesOf } from '#components/catalog/outcomes'
import { ButtonLink } from '#components/ui/link'
import { Section } from '#components/ui/section'
import type { ApplyResult } from '#contract/apply/apply'
import { paths } from '#contract/paths'

interface AppliedProps extends Pick<OutcomeListProps, 'lineOf' | 'onGoTo'> {
  org: string
  project: string
  envName: string
  result: ApplyResult
}

/** The apply is done, so the focus moves to the result. */
const focus = (title: HTMLElement | null) => title?.focus()

/** The result of every item, with a link to it. */
export function Applied({ org, project, envName, result, ...places }: AppliedProps) {
  const to = paths.project(org, project)
  const outcomes = useMemo(() => outcomesOf(result.diff, result), [result])
  const title =
    changesIn(outcomes) === 0 ? 'Nothing changed' : result.failed.length > 0 ? 'Partly applied: some items failed' : 'Applied'
  return (
    <Section
      title={
        <span ref={focus} tabIndex={-1} className="outline-none">
          {title}
        </span>
      }
      description={`In ${envName}: ${inWords(outcomes)}.`}
      actions={
        <>
          {result.revisionId && (
            <ButtonLink href={`${to.catalog}?tab=revisions&open=${result.revisionId}`}>Open the revision</ButtonLink>
          )}
          <ButtonLink href={to.catalog}>Catalog</ButtonLink>
          <ButtonLink href={`${to.data}?env=${encodeURIComponent(envName)}`}>Data</ButtonLink>
        </>
      }
    >
      <OutcomeList label="Result of each item" outcomes={outcomes} {...places} />
    </Section>
  )
}
