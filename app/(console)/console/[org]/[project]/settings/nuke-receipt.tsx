'use client'

import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { Mono } from '#components/ui/mono'
import { Notice } from '#components/ui/notice'
import { SkeletonText } from '#components/ui/skeleton'
import { Receipt, WipedRows } from '#components/wipes/receipt'
import type { ProjectNukeResult, RowCounts as Counts, Wipe } from '#contract/nuke/nuke'
import { wipesQuery } from '#queries/nuke/nuke'

type Result = z.infer<typeof ProjectNukeResult>

/** The receipt of a nuke, from the list of receipts. */
export function useReceipt(org: string, project: string, result: Result | undefined) {
  const wipes = useQuery({ ...wipesQuery(org, project), enabled: result !== undefined })
  return { wipe: wipes.data?.items.find(({ id }) => id === result?.wipeId), error: wipes.error }
}

interface NukeReceiptProps {
  result: Result
  wipe: Wipe | undefined
  error: Error | null
  shown: Counts | undefined
}

/** The result of a nuke. The numbers show at once; the rest of the receipt loads afterwards. */
export function NukeReceipt({ result, wipe, error, shown }: NukeReceiptProps) {
  if (!result.wipeId) return <p className="text-muted">The project was already empty. Nothing changed.</p>
  if (wipe) {
    return (
      <>
        {wipe.state === 'purged' && <Notice tone="danger" title="This cannot be undone" />}
        <Receipt wipe={wipe} shown={shown} />
      </>
    )
  }
  return (
    <>
      <WipedRows counts={result.rowCountsDeleted} shown={shown} />
      {error ? (
        <Notice title="The rest of the receipt couldn’t be loaded">
          {error.message}. The receipt id is <Mono copy="receipt id">{result.wipeId}</Mono>.
        </Notice>
      ) : (
        <SkeletonText label="Loading the receipt" lines={4} />
      )}
    </>
  )
}
