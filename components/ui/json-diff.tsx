import type { ReactNode } from 'react'
import { differencesBetween } from './json-differences.ts'

export interface JsonDiffProps {
  /** Null when it did not exist. */
  before: unknown
  /** Null when it was deleted. */
  after: unknown
  /** Names the block: "What changed". */
  label?: string
}

/**
 * The differences between two values, one line per field. Plus and minus carry the meaning; the background only helps the eye.
 */
export function JsonDiff({ before, after, label = 'What changed' }: JsonDiffProps) {
  const { differences, unchanged } = differencesBetween(before, after)
  if (differences.length === 0) return <p className="text-muted">No differences.</p>
  return (
    <section aria-label={label} className="overflow-hidden rounded-md border border-line">
      <dl className="divide-y divide-line font-mono text-xs/5">
        {differences.map(({ path, before: was, after: is }) => (
          <div key={`${path} ${was} ${is}`} className="grid sm:grid-cols-[minmax(7rem,14rem)_1fr]">
            <dt className="truncate bg-sunken px-3 py-1.5 text-muted" title={path}>
              {path || 'value'}
            </dt>
            <Change before={was} after={is} />
          </div>
        ))}
      </dl>
      {unchanged > 0 && (
        <p className="border-t border-line bg-sunken px-3 py-1.5 text-xs text-faint">
          {unchanged === 1 ? '1 field' : `${unchanged} fields`} unchanged
        </p>
      )}
    </section>
  )
}

function Change({ before, after }: { before: string | undefined; after: string | undefined }) {
  return (
    <dd className="min-w-0 wrap-anywhere">
      {before !== undefined && (
        <Line sign="−" spoken="before" className="text-muted">
          <del className="no-underline">{before}</del>
        </Line>
      )}
      {after !== undefined && (
        <Line sign="+" spoken="after" className="bg-accent-soft text-accent-ink">
          <ins className="no-underline">{after}</ins>
        </Line>
      )}
    </dd>
  )
}

function Line({ sign, spoken, className, children }: { sign: string; spoken: string; className: string; children: ReactNode }) {
  return (
    <div className={`flex gap-2 px-3 py-1.5 ${className}`}>
      <span aria-hidden>{sign}</span>
      <span className="sr-only">{spoken}</span>
      <span className="min-w-0">{children}</span>
    </div>
  )
}
