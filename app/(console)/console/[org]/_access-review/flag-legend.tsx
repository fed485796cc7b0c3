import { ChevronRight } from 'lucide-react'
import { reviewReasons } from '#contract/words'
import { flags } from './flags.ts'

interface FlagLegendProps {
  /** Days without use after which an access counts as inactive. */
  days: number
  /** Days within which an access counts as expiring. */
  within: number
}

/** The meaning of each flag, and its limits. */
export function FlagLegend({ days, within }: FlagLegendProps) {
  return (
    <details className="group mt-4">
      <summary className="inline-flex cursor-pointer list-none items-center gap-1.5 rounded-sm text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
        What the flags mean
      </summary>
      <p className="mt-3 max-w-160 text-pretty text-muted">
        Flags point out access to check; access with a flag may still be needed. Inactive means not used for {days} days; expiring
        means within {within} days.
      </p>
      <dl className="mt-3 grid max-w-200 gap-x-6 gap-y-2.5 sm:grid-cols-[9rem_1fr]">
        {reviewReasons.map((reason) => (
          <div key={reason} className="contents">
            <dt className="font-medium">{flags[reason].label}</dt>
            <dd className="text-pretty text-muted max-sm:-mt-2">{flags[reason].meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
