import { clsx } from 'clsx'
import type { ReactNode } from 'react'

/** A gray bar in place of a text that is loading, in the size of that text. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={clsx('block animate-pulse rounded-sm bg-line/70', className ?? 'h-3.5 w-32')} />
}

/** Announces the meaning of the bars once to assistive technology. */
function Loading({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <div aria-busy className={className}>
      <output className="sr-only">{label}</output>
      {children}
    </div>
  )
}

interface SkeletonProps {
  /** What is loading: "Loading members". */
  label?: string
}

/** Lines of a paragraph or of a description list. */
export function SkeletonText({ label = 'Loading', lines = 3 }: SkeletonProps & { lines?: number }) {
  return (
    <Loading label={label} className="space-y-2.5">
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} className={clsx('h-3.5', line === lines - 1 ? 'w-2/5' : line % 2 ? 'w-11/12' : 'w-4/5')} />
      ))}
    </Loading>
  )
}

/** Rows of a list. */
export function SkeletonRows({ label = 'Loading', rows = 5 }: SkeletonProps & { rows?: number }) {
  return (
    <Loading label={label} className="divide-y divide-line">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-9 items-center gap-6">
          <Skeleton className={clsx('h-3.5', row % 3 ? 'w-2/5' : 'w-1/4')} />
          <Skeleton className="h-3.5 w-1/5" />
          <Skeleton className="ml-auto h-3.5 w-1/6" />
        </div>
      ))}
    </Loading>
  )
}

/** A section with a title and some lines. */
export function SkeletonCard({ label = 'Loading', lines = 3 }: SkeletonProps & { lines?: number }) {
  return (
    <div className="rounded-lg border border-line bg-raised p-4">
      <Skeleton className="mb-4 h-4 w-36" />
      <SkeletonText label={label} lines={lines} />
    </div>
  )
}
