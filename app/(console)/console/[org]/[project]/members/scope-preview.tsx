'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { Skeleton } from '#components/ui/skeleton'
import { scopePreviewQuery } from '#queries/projects/stats'

export interface ScopePreviewProps {
  org: string
  project: string
  /** The member's name. */
  name: string
  /** The member's environment, which limits what they see as well. */
  envName: string | null
  /** The member's current cells. */
  before: string[] | null
  /** The cells about to be saved. */
  after: string[] | null
  changed: boolean
}

const count = (n: number) => n.toLocaleString('en')

/** Shows how many entities the member will see, and how many they see now. */
export function ScopePreview({ org, project, name, envName, before, after, changed }: ScopePreviewProps) {
  const now = useQuery(scopePreviewQuery(org, project, { cells: before, env: envName }))
  const then = useQuery({
    ...scopePreviewQuery(org, project, { cells: after, env: envName }),
    placeholderData: keepPreviousData,
  })
  const error = then.error ?? now.error
  return (
    <output className={clsx('block text-pretty tabular-nums', then.isPlaceholderData && 'opacity-60')}>
      {error ? (
        `Couldn’t count the entities: ${error.message}`
      ) : !now.data || !then.data ? (
        <Skeleton className="h-3.5 w-44" />
      ) : changed ? (
        <>
          {name} will see <strong className="font-semibold">{count(then.data.visible)}</strong> of {count(then.data.total)}{' '}
          entities (now {count(now.data.visible)})
        </>
      ) : (
        <>
          {name} sees <strong className="font-semibold">{count(now.data.visible)}</strong> of {count(now.data.total)} entities
        </>
      )}
    </output>
  )
}
