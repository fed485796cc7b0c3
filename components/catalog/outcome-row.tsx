import { clsx } from 'clsx'
import { ChevronRight } from 'lucide-react'
import { JsonDiff } from '#components/ui/json-diff'
import { kindInWords } from './kinds.ts'
import type { Outcome, OutcomeGroup, OutcomeItem } from './outcomes.tsx'

const looks: Record<Outcome, { sign: string; word: string; mark: string }> = {
  created: { sign: '+', word: 'Created', mark: 'text-accent-ink' },
  updated: { sign: '~', word: 'Updated', mark: 'text-accent-ink' },
  deleted: { sign: '−', word: 'Deleted', mark: 'text-danger-ink' },
  unchanged: { sign: '=', word: 'Unchanged', mark: 'text-faint' },
  failed: { sign: '!', word: 'Failed', mark: 'text-ink' },
  skipped: { sign: '·', word: 'Skipped', mark: 'text-muted' },
}

interface OutcomeHeadProps {
  group: OutcomeGroup
  open: boolean
  first: boolean
  onToggle: () => void
}

/** "Created · 3 entity types", which expands and collapses its items. */
export function OutcomeHead({ group: { outcome, kind, items }, open, first, onToggle }: OutcomeHeadProps) {
  const { word } = looks[outcome]
  return (
    <h3 className={clsx('border-b border-line bg-sunken', !first && '-mt-px border-t')}>
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="flex h-8 w-full items-center gap-1.5 px-3 text-left text-xs font-medium -outline-offset-2 hover:bg-hover"
      >
        <ChevronRight aria-hidden className={clsx('size-3.5 text-faint transition-transform', open && 'rotate-90')} />
        {word}
        <span className="font-normal text-muted tabular-nums">{kindInWords(kind, items.length)}</span>
      </button>
    </h3>
  )
}

interface OutcomeRowProps {
  outcome: Outcome
  item: OutcomeItem
  line: number | undefined
  onGoTo: ((line: number) => void) | undefined
}

/** One item: its name, why it failed, and each changed field before and after. */
export function OutcomeRow({ outcome, item, line, onGoTo }: OutcomeRowProps) {
  const { sign, mark } = looks[outcome]
  const changes = Object.entries(item.changes ?? {})
  const pick = (which: 'before' | 'after') => Object.fromEntries(changes.map(([field, change]) => [field, change[which]]))
  return (
    <div className="border-b border-line px-3 py-1.5">
      <div className="flex min-w-0 items-baseline gap-2">
        <span aria-hidden className={clsx('w-3 shrink-0 text-center font-mono text-xs font-semibold', mark)}>
          {sign}
        </span>
        <div className="min-w-0 flex-1">
          <code className="text-xs wrap-anywhere">{item.name || 'without a name'}</code>
          {item.reason && (
            <span className="ml-2 wrap-anywhere">
              {item.path && <code className="text-xs text-muted">{item.path}</code>} {item.reason}
            </span>
          )}
        </div>
        {item.index !== undefined && <Place index={item.index} line={line} onGoTo={onGoTo} />}
      </div>
      {changes.length > 0 && (
        <div className="mt-1.5 mb-1 ml-5">
          <JsonDiff before={pick('before')} after={pick('after')} label={`What changes in ${item.name}`} />
        </div>
      )}
    </div>
  )
}

function Place({ index, line, onGoTo }: Pick<OutcomeRowProps, 'line' | 'onGoTo'> & { index: number }) {
  const text = line === undefined ? `item ${index}` : `line ${line.toLocaleString('en')}`
  if (line === undefined || !onGoTo) return <span className="shrink-0 text-xs text-faint tabular-nums">{text}</span>
  return (
    <button
      type="button"
      onClick={() => onGoTo(line)}
      className="shrink-0 rounded-sm text-xs text-accent-ink underline decoration-accent-line underline-offset-3 tabular-nums hover:decoration-current"
    >
      {text}
    </button>
  )
}
