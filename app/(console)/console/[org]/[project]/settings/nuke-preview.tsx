'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { Actor } from '#components/actor'
import { Button } from '#components/ui/button'
import { DescriptionList } from '#components/ui/description-list'
import { PlainButtonLink } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import { SkeletonText } from '#components/ui/skeleton'
import { Time } from '#components/ui/time'
import { Retention } from '#components/wipes/retention'
import { RowCounts } from '#components/wipes/row-counts'
import { hoursInWords, rowsInWords, thingsInWords, totalOf } from '#components/wipes/table-name'
import type { NukePreview as Preview, Wipe } from '#contract/nuke/nuke'

/** The dialog's first sentence: what goes, and for how long that can be undone. */
export function WhatGoes({ preview: { rowCounts, retentionHours } }: { preview: Preview }) {
  const rows = totalOf(rowCounts)
  if (rows === 0) return 'This project has no catalog and no data, so there is nothing to nuke.'
  return (
    <>
      {thingsInWords(rowCounts)} will be removed from every environment at once.{' '}
      {retentionHours > 0 ? `You can undo this for ${hoursInWords(retentionHours)}.` : 'This can’t be undone.'}
    </>
  )
}

interface NukePreviewProps {
  query: UseQueryResult<Preview>
  exportUrl: string
}

/** What a nuke removes and keeps, and a way to save it first. */
export function NukePreview({ query, exportUrl }: NukePreviewProps) {
  const { data, error, refetch } = query
  if (!data && error) {
    return (
      <Notice
        tone="warning"
        title="Couldn’t count what will be removed"
        action={<Button onClick={() => void refetch()}>Try again</Button>}
      >
        {error.message}
      </Notice>
    )
  }
  if (!data) return <SkeletonText label="Counting what will be removed" lines={5} />
  const rows = totalOf(data.rowCounts)
  return (
    <>
      {data.retentionHours === 0 && rows > 0 && (
        <Notice tone="danger" title="This can’t be undone">
          This server doesn’t keep nuked data. The rows are removed permanently.
        </Notice>
      )}
      <DescriptionList
        items={[
          { label: 'What stays', value: <Kept kept={data.kept} /> },
          { label: 'Last nuke', value: <LastWiped wipe={data.lastWipe} /> },
          ...(data.retentionHours > 0 && rows > 0
            ? [
                {
                  label: 'Undo',
                  value: (
                    <>
                      For <Retention hours={data.retentionHours} />
                    </>
                  ),
                },
              ]
            : []),
        ]}
      />
      {rows > 0 && (
        <>
          <details className="group">
            <summary className="w-fit cursor-default rounded-sm font-medium">All {rowsInWords(rows)}, by table</summary>
            <div className="mt-2">
              <RowCounts label="What will be removed" counts={data.rowCounts} />
            </div>
          </details>
          <p className="text-muted">
            <PlainButtonLink href={exportUrl} icon={<Download className="size-3.5" />}>
              Download export
            </PlainButtonLink>{' '}
            <span className="ml-1">Everything but the values of secrets, as a file that an import takes.</span>
          </p>
        </>
      )}
    </>
  )
}

const keptInWords = {
  members: 'Members',
  environments: 'Environments',
  tokens: 'Tokens',
  repoLinks: 'Repositories',
  auditEvents: 'Audit events',
} satisfies Record<keyof Preview['kept'], string>

const Kept = ({ kept }: { kept: Preview['kept'] }) => (
  <ul className="flex flex-wrap gap-x-5 gap-y-1">
    {Object.entries(keptInWords).map(([key, label]) => (
      <li key={key}>
        {label} <span className="font-medium tabular-nums">{kept[key as keyof Preview['kept']].toLocaleString('en')}</span>
      </li>
    ))}
  </ul>
)

function LastWiped({ wipe }: { wipe: Wipe | null }) {
  if (!wipe) return 'Never'
  return (
    <>
      <Time value={wipe.wipedAt} /> by <Actor actor={wipe.wipedBy} />
      {wipe.reason === 'undo' && <span className="text-muted">, by an undo</span>}
    </>
  )
}
