'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { Skeleton } from '#components/ui/skeleton'
import type { Member } from '#contract/members/members'
import { scopePreviewQuery } from '#queries/projects/stats'

export interface ScopePreviewProps {
  org: string
  project: string
  /** The member's name. */
  name: string
  /** What limits the member now. */
  before: Scope
  /** What is about to be saved. */
  after: Scope
}

type Scope = Pick<Member, 'envName' | 'cellScopes'>

const limitsOf = ({ envName, cellScopes }: Scope) => ({ cells: cellScopes, env: envName })

const count = (n: number) => n.toLocaleString('en')

/** Shows how many entities the member will see, and how many they see now. */
export function ScopePreview({ org, project, name, before, after }: ScopePreviewProps) {
  const now = useQuery(scopePreviewQuery(org, project, limitsOf(before)))
  const then = useQuery({
    ...scopePreviewQuery(org, project, limitsOf(after)),
    placeholderData: keepPreviousData,
  })
  const error = then.error ?? now.error
  const changed = JSON.stringify(limitsOf(before)) !== JSON.stringify(limitsOf(after))
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
