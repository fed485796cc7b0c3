import { PAGE_BYTES } from '#contract/limits/limits'
import type { Page } from '#domain/paging'
import type { Json } from './formats/print.ts'

/** A page as JSON, and the cursor of the next. Cuts a page longer than `PAGE_BYTES`, after at least one item, printed by `textOf`. */
export function cutPage<Item>(body: Json, page: Page<Item>, textOf: (item: Item) => string): { body: Json; next: string | null } {
  const { next } = page
  // Estimates in UTF-16 units first; only a page that may be too long is measured exactly.
  if (!page.cursorAfter || body.length * 3 <= PAGE_BYTES || Buffer.byteLength(body) <= PAGE_BYTES) return { body, next }
  const texts: string[] = []
  let bytes = 2
  for (const item of page.items) {
    const text = textOf(item)
    bytes += Buffer.byteLength(text) + 1
    if (bytes > PAGE_BYTES && texts.length > 0) return { body: `[${texts.join()}]`, next: page.cursorAfter(texts.length - 1) }
    texts.push(text)
  }
  return { body, next }
}
