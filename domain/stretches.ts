import { PAGE_BYTES, bytesOf } from '#contract/limits/limits'
import { takeTurns } from './give-way.ts'

/** An answer without pages has at most this many entries, and no more bytes than a page. `omitted` counts the rest. */
export const MOST = 10_000
const STRETCH = 500

/** The first entries of a list that fit into one answer, fetched in chunks, so that memory never holds more than is shown. */
export async function fetchFitting<Row, Entry>(
  fetch: (after: Row | undefined, limit: number) => Promise<Row[]>,
  entryOf: (row: Row) => Entry,
): Promise<{ row: Row; entry: Entry }[]> {
  const fitting: { row: Row; entry: Entry }[] = []
  const turn = takeTurns()
  let bytes = 0
  let last: Row | undefined
  for (;;) {
    const rows = await fetch(last, STRETCH)
    for (const row of rows) {
      if (turn.isOver()) await turn.giveWay()
      const entry = entryOf(row)
      bytes += bytesOf(entry) + 1
      if (bytes > PAGE_BYTES || fitting.length === MOST) return fitting
      fitting.push({ row, entry })
      last = row
    }
    if (rows.length < STRETCH) return fitting
  }
}

/** The same for a list that is already in memory. */
export async function takeFitting<Entry>(all: Entry[]): Promise<Entry[]> {
  let given = 0
  const fitting = await fetchFitting(
    async (_, limit) => all.slice(given, (given += limit)),
    (entry: Entry) => entry,
  )
  return fitting.map(({ entry }) => entry)
}
