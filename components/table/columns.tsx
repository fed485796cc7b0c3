import type { ColumnDef, RowData } from '@tanstack/react-table'
import { createColumnHelper, metaHelper, rowSelectionFeature, tableFeatures } from '@tanstack/react-table'

interface ColumnMeta {
  /** Numbers stand at the right. */
  align?: 'right'
  /** The name that the API sorts by; makes the header a button. */
  sort?: string
  /** Classes for both header and cells, such as a width. */
  className?: string
  /** In pixels, where rows come and go and so must not set the widths. */
  width?: number
}

/** What the console's tables can do by themselves; the rest is the server's. */
export const features = tableFeatures({ rowSelectionFeature, columnMeta: metaHelper<ColumnMeta>() })

/** The columns of a table of T, written once at module scope: `const column = columnsOf<Member>()`. */
export const columnsOf = <T extends RowData>() => createColumnHelper<typeof features, T>()

/** The first column names the row: it is its header for assistive technology. */
// TanStack's own `columns()` returns values of mixed type, which only `any` can hold.
// oxlint-disable-next-line typescript/no-explicit-any
export type Columns<T extends RowData> = readonly ColumnDef<typeof features, T, any>[]
