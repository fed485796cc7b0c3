import { clsx } from 'clsx'

export interface MeterProps {
  /** What it measures: "sum of load". */
  label: string
  /** Null while there is no value yet. */
  value: number | null
  /** Null for no limit, and so no bar. */
  max: number | null
  /** The share from which to warn; without it, never. */
  warnFrom?: number
  /** In one short line, for table cells. */
  compact?: boolean
}

const figure = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 2 })

/** Usage against a limit: in figures, in words when it is full, and as a bar. */
export function Meter({ label, value, max, warnFrom, compact = false }: MeterProps) {
  const share = value === null || max === null ? 0 : max > 0 ? value / max : value > 0 ? 1 : 0
  const percent = Math.min(100, Math.max(0, share * 100))
  const isNear = warnFrom !== undefined && share >= warnFrom
  const state =
    value === null || max === null ? null : value > max ? 'over' : value === max ? 'full' : isNear ? 'nearly full' : null
  const bar = max !== null && (
    <span
      aria-hidden
      // Beside words the bar shrinks to make room for them.
      className={clsx('block h-1 overflow-hidden rounded-full bg-hover', compact ? 'w-16 min-w-6' : 'mt-1.5 w-full shrink-0')}
    >
      <span
        className={clsx('block h-1 rounded-full', state === null ? 'bg-accent' : 'bg-warn', percent > 0 && 'min-w-1')}
        style={{ width: `${percent}%` }}
      />
    </span>
  )
  const words = (
    <>
      <span className="tabular-nums">
        {value === null ? (
          <>
            <span aria-hidden>–</span>
            <span className="sr-only">no value</span>
          </>
        ) : (
          figure(value)
        )}{' '}
        {max === null ? <span className="text-muted">no limit</span> : <>of {figure(max)}</>}
      </span>
      {state && (
        <span className="rounded-sm border border-warn-line bg-warn-soft px-1 text-xs/4 font-medium text-warn-ink">{state}</span>
      )}
    </>
  )
  if (compact) {
    return (
      <span className="flex min-w-0 items-center gap-2 whitespace-nowrap">
        {bar}
        <span className="inline-flex items-baseline gap-1.5">
          {words} <span className="text-xs text-muted">{label}</span>
        </span>
      </span>
    )
  }
  return (
    <div>
      <div className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 truncate text-muted">{label}</span>
        <span className="inline-flex items-baseline gap-1.5">{words}</span>
      </div>
      {bar}
    </div>
  )
}
