import type { ColumnDef, RowData } from '@tanstack/react-table'
import { createColumnHelper, metaHelper, rowSelectionFeature, tableFeatures } from '@tanstack/react-table'

interface ColumnMeta {
  /** Numbers are right-aligned. */
  align?: 'right'
  /** The API's name for this sort order; makes the header a button. */
  sort?: string
  /** Classes for both header and cells, such as a width. */
  className?: string
  /** In pixels, for tables whose changing rows must not set the widths. */
  width?: number
}

/** The table features that run in the browser; the server does the rest. */
export const features = tableFeatures({ rowSelectionFeature, columnMeta: metaHelper<ColumnMeta>() })

/** The column helper for rows of type T, at module scope: `const column = columnsOf<Member>()`. */
export const columnsOf = <T extends RowData>() => createColumnHelper<typeof features, T>()

/** The first column names the row: it is the row's header for assistive technology. */
// TanStack's own `columns()` returns values of mixed type, which only `any` can hold.
// oxlint-disable-next-line typescript/no-explicit-any
export type Columns<T extends RowData> = readonly ColumnDef<typeof features, T, any>[]
