import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Actor } from '#components/actor'
import { yamlOf } from '#components/catalog/catalog-document'
import { OutcomeList } from '#components/catalog/outcome-list'
import { changesIn, inWords, outcomesOf } from '#components/catalog/outcomes'
import { YamlView } from '#components/catalog/yaml-view'
import { Button } from '#components/ui/button'
import { DescriptionList } from '#components/ui/description-list'
import { Mono } from '#components/ui/mono'
import { Notice } from '#components/ui/notice'
import { Select } from '#components/ui/select'
import { SidePanel } from '#components/ui/side-panel'
import { SkeletonText } from '#components/ui/skeleton'
import { Time, utcTime } from '#components/ui/time'
import type { CatalogRevision } from '#contract/apply/catalog-revisions'
import { catalogDifferenceQuery, catalogRevisionQuery } from '#queries/apply/catalog-revisions'
import type { CatalogTabProps } from '../catalog-part.ts'
import { PanelSection } from '../part-panel.tsx'

const ApplyRevisionDialog = lazyDialog(() => import('./apply-revision-dialog.tsx').then((module) => module.ApplyRevisionDialog))

interface RevisionPanelProps extends CatalogTabProps {
  /** The open revision; null for none. */
  id: string | null
  /** The revisions that it can be compared with. */
  others: readonly CatalogRevision[]
  onClose: () => void
}

/** One revision: who made it, what it changed, how it differs from another or from the current catalog, and its full text. */
export function RevisionPanel({ org, project, can, id, others, onClose }: RevisionPanelProps) {
  const [asked, setAsked] = useState(false)
  const revision = useQuery({ ...catalogRevisionQuery(org, project, id ?? ''), enabled: id !== null })
  const { data, error } = revision
  return (
    <SidePanel
      open={id !== null}
      onOpenChange={onClose}
      width="lg"
      title="Revision"
      description={data && utcTime(data.createdAt)}
      footer={
        data && (
          <Button disabledReason={can ? can['apply:write'].reason : 'Still loading'} onClick={() => setAsked(true)}>
            Apply again…
          </Button>
        )
      }
    >
      {error ? (
        <Notice tone="warning">{error.message}</Notice>
      ) : data ? (
        <div className="space-y-6">
          <DescriptionList
            items={[
              { label: 'Who', value: <Actor actor={data.actor} /> },
              { label: 'When', value: <Time exact value={data.createdAt} className="tabular-nums" /> },
              { label: 'Id', value: <Mono copy="revision id">{data.id}</Mono> },
            ]}
          />
          <Comparison key={data.id} {...{ org, project }} revision={data} others={others} />
          <PanelSection title={`The whole catalog: ${data.items.length.toLocaleString('en')} documents`}>
            <YamlView text={yamlOf(data.items)} label="YAML of the whole catalog" />
          </PanelSection>
        </div>
      ) : (
        <SkeletonText label="Loading the revision" lines={6} />
      )}
      {asked && data && <ApplyRevisionDialog {...{ org, project }} revision={data} onClose={() => setAsked(false)} />}
    </SidePanel>
  )
}

interface ComparisonProps {
  org: string
  project: string
  revision: CatalogRevision
  others: readonly CatalogRevision[]
}

const made = 'made'
const now = 'now'

function Comparison({ org, project, revision, others }: ComparisonProps) {
  const [chosen, setChosen] = useState(made)
  const difference = useQuery({
    ...catalogDifferenceQuery(org, project, revision.id, chosen === now ? null : chosen),
    enabled: chosen !== made,
  })
  const diff = chosen === made ? revision.diff : difference.data
  const outcomes = useMemo(() => diff && outcomesOf(diff), [diff])
  return (
    <PanelSection
      title="Difference"
      actions={
        <Select
          size="sm"
          label="Compare"
          value={chosen}
          onChange={setChosen}
          className="w-auto! max-w-80"
          options={[
            { value: made, label: 'Changes in this revision' },
            { value: now, label: 'From this revision to now' },
            ...others
              .filter(({ id }) => id !== revision.id)
              .map(({ id, createdAt, actor }) => ({
                value: id,
                label: `From this revision to ${utcTime(createdAt)}`,
                hint: actor.name,
              })),
          ]}
        />
      }
    >
      {difference.error && chosen !== made && <Notice tone="warning">{difference.error.message}</Notice>}
      {!outcomes && !difference.error && <SkeletonText label="Loading the difference" />}
      {outcomes && (
        <>
          <p className="mb-2 text-muted">{inWords(outcomes)}</p>
          {changesIn(outcomes) > 0 && <OutcomeList key={chosen} label="Difference" outcomes={outcomes} className="max-h-96" />}
        </>
      )}
    </PanelSection>
  )
}
