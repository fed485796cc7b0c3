'use client'

import { parseAsArrayOf, parseAsString, useQueryState } from 'nuqs'
import type { PagerProps } from './pager.tsx'
import type { Sort } from './sort-header.tsx'

/** `?page=`: the cursors from the second page to this one, so that Previous works after a reload too. */
const trailInUrl = parseAsArrayOf(parseAsString).withDefault([]).withOptions({ history: 'push', scroll: true })

/**
 * The current page of a cursor-paged list, held in the URL. `pager` builds the table's buttons once the page has loaded; call
 * `toFirst` with every filter change. A second list on one screen needs its own `key`.
 */
export function usePaging(what: readonly [one: string, many: string], key = 'page') {
  const [trail, setTrail] = useQueryState(key, trailInUrl)
  const pager = (page: { items: readonly unknown[]; next: string | null } | undefined): PagerProps | undefined => {
    if (!page || (trail.length === 0 && page.next === null)) return undefined
    const { items, next } = page
    return {
      onNext: next === null ? undefined : () => void setTrail([...trail, next]),
      onPrevious: trail.length === 0 ? undefined : () => void setTrail(trail.length === 1 ? null : trail.slice(0, -1)),
      summary: `Page ${trail.length + 1}: ${items.length} ${items.length === 1 ? what[0] : what[1]}`,
    }
  }
  return { cursor: trail.at(-1), pager, toFirst: () => void setTrail(null) }
}

/** Converts the API's `-name` to the sort of the table's header. */
export const toSort = (text: string | null): Sort | null =>
  text === null ? null : { by: text.replace(/^-/, ''), descending: text.startsWith('-') }

/** Converts it back; null is the list's default order. */
export const fromSort = (sort: Sort | null): string | null => (sort ? `${sort.descending ? '-' : ''}${sort.by}` : null)
