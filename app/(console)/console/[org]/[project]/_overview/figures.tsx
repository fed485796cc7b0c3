'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { PageLink } from '#components/ui/page-link'
import { Skeleton } from '#components/ui/skeleton'
import { paths } from '#contract/paths'
import { accessReviewQuery } from '#queries/review/access-review'
import { accessQuery } from '#queries/review/access'
import { statsQuery } from '#queries/projects/stats'
import type { ProjectPath } from '../project-path.ts'
import { NEARLY_FULL, useFullness } from './use-fullness.ts'

/** Days within which an expiry counts as soon. */
const SOON = 14
/** Counted one by one, since the review is a list. */
const MOST = 200
const expiringTokens = { reason: 'expiring', kind: 'project-token', within: SOON, limit: MOST } as const

const figure = (n: number) => n.toLocaleString('en-US')

/** Four counts, each with the list behind it. */
export function Figures({ org, project }: ProjectPath) {
  const to = paths.project(org, project)
  const stats = useQuery(statsQuery(org, project))
  const manage = useQuery(accessQuery(org, project)).data?.can['members:manage']
  const tokens = useQuery({ ...accessReviewQuery(org, project, expiringTokens), enabled: manage?.allowed ?? false })
  const { nearlyFull, envName, isOne } = useFullness(org, project)
  if (stats.error)
    return (
      <Notice
        tone="warning"
        title="The counts couldn’t be loaded"
        action={<Button onClick={() => void stats.refetch()}>Try again</Button>}
      >
        {stats.error.message}
      </Notice>
    )
  const expiring = tokens.data && (tokens.data.next === null ? figure(tokens.data.items.length) : `${MOST}+`)
  return (
    <ul
      aria-label="Key figures"
      className="grid grid-cols-2 overflow-hidden rounded-lg border border-line bg-raised lg:grid-cols-4 [&>li]:-mt-px [&>li]:-ml-px [&>li]:border-t [&>li]:border-l"
    >
      <Figure value={stats.data && figure(stats.data.members)} href={to.members}>
        {stats.data?.members === 1 ? 'member' : 'members'}
      </Figure>
      <Figure
        value={manage?.reason ? null : (expiring ?? (tokens.error ? null : undefined))}
        none={manage?.reason ?? tokens.error?.message}
        href={`${to.accessReview}?reason=expiring&kind=project-token&within=${SOON}`}
      >
        {expiring === '1' ? 'token expires' : 'tokens expire'} within {SOON} days
      </Figure>
      <Figure value={stats.data && figure(stats.data.entities)} href={to.data}>
        {stats.data?.entities === 1 ? 'entity' : 'entities'}
      </Figure>
      <Figure value={nearlyFull === undefined ? undefined : figure(nearlyFull)} href={to.cells}>
        {nearlyFull === 1 ? 'cell' : 'cells'} over {NEARLY_FULL * 100}% full{isOne || !envName ? '' : ` in ${envName}`}
      </Figure>
    </ul>
  )
}

interface FigureProps {
  /** Undefined while it is loading, null for a figure that this person does not get. */
  value: string | null | undefined
  /** Why they do not get it. */
  none?: string | undefined
  href: string
  children: ReactNode
}

function Figure({ value, none, href, children }: FigureProps) {
  if (value === null) {
    return (
      <li className="px-4 py-3" title={none}>
        <span aria-hidden className="block text-figure font-semibold text-faint">
          –
        </span>
        <span className="block text-muted first-letter:uppercase">{children}</span>
        {none && <span className="sr-only">{none}</span>}
      </li>
    )
  }
  return (
    <li>
      <PageLink href={href} className="block h-full px-4 py-3 -outline-offset-2 hover:bg-hover">
        <span className="block text-figure font-semibold tabular-nums">
          {value ?? <Skeleton className="my-1.5 h-6 w-12" />}
          {value !== undefined && ' '}
        </span>
        <span className="block text-muted">{children}</span>
      </PageLink>
    </li>
  )
}
