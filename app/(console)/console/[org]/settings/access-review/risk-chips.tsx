import { clsx } from 'clsx'
import type { RiskCounts, RiskMark } from '#contract/review/people-review'
import { riskMarks } from '#contract/words'
import { marks } from './marks.ts'

interface RiskChipsProps {
  counts: RiskCounts | undefined
  value: RiskMark | null
  onChange: (mark: RiskMark | null) => void
}

/** How many people have each mark; pressing one shows only them. */
export function RiskChips({ counts, value, onChange }: RiskChipsProps) {
  return (
    <fieldset aria-label="Filter by risk" className="mb-3 flex flex-wrap gap-1.5">
      {riskMarks.map((mark) => (
        <button
          key={mark}
          type="button"
          aria-pressed={value === mark}
          title={marks[mark].meaning}
          onClick={() => onChange(value === mark ? null : mark)}
          className={clsx(
            'inline-flex h-7 items-center gap-1.5 rounded-md border px-2 text-xs font-medium',
            value === mark
              ? 'border-accent-line bg-accent-soft text-accent-ink'
              : 'border-line bg-raised text-ink hover:bg-hover',
          )}
        >
          {marks[mark].label}
          <span className={clsx('min-w-3 text-right tabular-nums', value === mark ? 'text-accent-ink' : 'text-muted')}>
            {counts?.marks[mark]?.toLocaleString('en')}
          </span>
        </button>
      ))}
    </fieldset>
  )
}
