'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import { Actor } from '#components/actor'
import { Button } from '#components/ui/button'
import { DescriptionList } from '#components/ui/description-list'
import { Notice } from '#components/ui/notice'
import { Time } from '#components/ui/time'
import { Retention } from '#components/wipes/retention'
import { RowCounts } from '#components/wipes/row-counts'
import { totalOf } from '#components/wipes/table-name'
import type { NukePreview as Preview, Wipe } from '#contract/nuke/nuke'

/** What a nuke removes and keeps, when the last one was, and until when it can be undone. */
export function NukePreview({ query }: { query: UseQueryResult<Preview> }) {
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
  return (
    <>
      {data?.retentionHours === 0 && (
        <Notice tone="danger" title="This cannot be undone">
          This server doesn’t keep nuked data. The rows are removed permanently.
        </Notice>
      )}
      {data && totalOf(data.rowCounts) === 0 ? (
        <Notice title="There is nothing to nuke">This project has no catalog and no data.</Notice>
      ) : (
        <RowCounts label="What will be removed" counts={data?.rowCounts} />
      )}
      {data && (
        <DescriptionList
          items={[
            { label: 'What stays', value: <Kept kept={data.kept} /> },
            { label: 'Last nuke', value: <LastWiped wipe={data.lastWipe} /> },
            {
              label: 'Undo',
              value:
                data.retentionHours > 0 ? (
                  <>
                    For <Retention hours={data.retentionHours} />
                  </>
                ) : (
                  'Not possible'
                ),
            },
          ]}
        />
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
