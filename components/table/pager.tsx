import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button'

export interface PagerProps {
  /** Undefined on the last page. */
  onNext: (() => void) | undefined
  /** Undefined on the first page. */
  onPrevious: (() => void) | undefined
  /** At the left: "50 members on this page". */
  summary?: ReactNode
}

/** Previous and next page of a cursor-paged list. */
export function Pager({ onNext, onPrevious, summary }: PagerProps) {
  return (
    <nav aria-label="Pages" className="flex items-center justify-between gap-3 border-t border-line bg-sunken py-1.5 pr-2 pl-4">
      <div className="min-w-0 truncate text-xs text-muted tabular-nums">{summary}</div>
      <div className="flex gap-1.5">
        <Button
          size="sm"
          icon={<ChevronLeft className="-ml-1 size-3.5" />}
          onClick={onPrevious}
          disabledReason={onPrevious ? null : 'This is the first page'}
        >
          Previous
        </Button>
        <Button size="sm" onClick={onNext} disabledReason={onNext ? null : 'This is the last page'}>
          Next
          <ChevronRight className="-mr-1 size-3.5" />
        </Button>
      </div>
    </nav>
  )
}
