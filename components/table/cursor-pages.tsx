import { parseAsArrayOf, parseAsString, useQueryState } from 'nuqs'
import type { PagerProps } from './pager.tsx'

const trailOf = parseAsArrayOf(parseAsString).withDefault([]).withOptions({ history: 'push' })

/**
 * The page of a list that is read by cursor. A cursor only leads forwards, so the URL keeps those that were followed; the last
 * one is the page that shows.
 */
export function useCursorPages() {
  const [trail, setTrail] = useQueryState('page', trailOf)
  return {
    cursor: trail.at(-1),
    /** For when what is listed changes. */
    toFirstPage: () => void (trail.length > 0 && setTrail(null, { history: 'replace' })),
    /** Undefined when all fits one page. */
    pager: (next: string | null | undefined): PagerProps | undefined => {
      if (!next && trail.length === 0) return undefined
      return {
        onNext: next ? () => void setTrail([...trail, next]) : undefined,
        onPrevious: trail.length > 0 ? () => void setTrail(trail.slice(0, -1)) : undefined,
        summary: `Page ${trail.length + 1}`,
      }
    },
  }
}
