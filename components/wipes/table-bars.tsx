import { BarList } from '#components/ui/bar-list'
import { inReadingOrder, tableInWords } from './table-name.tsx'

interface TableBarsProps {
  /** Table name → number of rows. */
  counts: Readonly<Record<string, number>>
}

/** How many rows each table of a project holds. */
export function TableBars({ counts }: TableBarsProps) {
  const items = inReadingOrder(Object.keys(counts)).map((table) => ({ label: tableInWords(table), value: counts[table] ?? 0 }))
  return <BarList label="Rows by table" items={items} />
}
