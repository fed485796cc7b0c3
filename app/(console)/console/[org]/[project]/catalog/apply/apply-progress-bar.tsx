import { Progress } from '@base-ui/react/progress'
import type { ApplyProgress } from '#contract/apply/apply'

const phases: Record<ApplyProgress['phase'], string> = {
  catalog: 'Catalog',
  entities: 'Entities',
  relationships: 'Relationships',
}

/** How far an apply has come, as the server reports it. */
export function ApplyProgressBar({ label, progress }: { label: string; progress: ApplyProgress | null }) {
  const { done, total } = progress ?? { done: 0, total: 0 }
  const text =
    progress === null
      ? 'Sending the document'
      : `${phases[progress.phase]}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
  const share = total === 0 ? 0 : Math.min(100, (done / total) * 100)
  return (
    <Progress.Root
      aria-label={label}
      value={progress === null ? null : share}
      getAriaValueText={() => text}
      className="rounded-lg border border-line bg-raised px-4 py-3"
    >
      <div className="flex items-baseline justify-between gap-4">
        <span className="font-medium">{label}</span>
        <span className="text-muted tabular-nums">{text}</span>
      </div>
      <Progress.Track className="mt-2 h-1 overflow-hidden rounded-full bg-hover">
        <div className="h-1 rounded-full bg-accent transition-[width]" style={{ width: `${share}%` }} />
      </Progress.Track>
    </Progress.Root>
  )
}
