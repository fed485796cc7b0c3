import type { LastQuery } from '#contract/v1/common'
import { DomainError } from '../errors.ts'
import { isId } from '../ids.ts'
import { type Page, timeCursor, toPage } from '../paging.ts'

/** How many rows one query reads, whatever `last` says: memory has a limit. Beyond it there is a next page. */
const MOST = 10_000

export type NewestFirst = { before: { createdAt: string; key: string } | undefined; limit: number }

/** The newest `last` before the cursor, for a query. Throws `decode cursor` for a cursor that this list did not issue. */
export function newestFirst({ last, before }: LastQuery): NewestFirst {
  return { limit: last === 0 ? MOST : Math.min(last, MOST), before: cursorOf(before) }
}

export function cursorOf(text: string | undefined) {
  try {
    // Some clients send an empty cursor when they have none.
    return timeCursor(text || undefined, isId)
  } catch {
    throw new DomainError('invalid_request', 'decode cursor')
  }
}

/** Cuts the extra row. The cursor is the last row's time and id, so that rows of one instant are told apart. */
export function pageOf<Row extends { created_at: string; id: string }, T>(
  rows: Row[],
  { limit }: NewestFirst,
  present: (row: Row) => T,
): Page<T> {
  return toPage(rows, limit, (row) => [row.created_at, row.id], present)
}
