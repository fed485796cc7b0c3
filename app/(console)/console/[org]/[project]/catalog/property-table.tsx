import { columnsOf } from '#components/table/columns'
import { DataTable } from '#components/table/data-table'
import type { Property } from '#contract/catalog/entity-types'

const column = columnsOf<Property>()

const columns = [
  column.accessor('name', {
    header: 'Name',
    cell: ({ row: { original } }) => (
      <span className="inline-flex items-baseline gap-1.5">
        <code className="text-xs">{original.name}</code>
        {original.title && <span className="text-xs text-faint max-sm:hidden">{original.title}</span>}
      </span>
    ),
  }),
  column.accessor('type', {
    header: 'Type',
    cell: ({ row: { original } }) => (
      <>
        {original.type}
        {original.required && <span className="text-muted">, required</span>}
      </>
    ),
  }),
  column.accessor('default', {
    header: 'Default',
    cell: ({ getValue }) => (getValue() === undefined ? <Absent /> : <code className="text-xs">{String(getValue())}</code>),
  }),
  column.accessor('enum', {
    header: 'Allowed values',
    meta: { className: 'max-w-64' },
    cell: ({ getValue }) => {
      const values = getValue()?.join(', ')
      return values ? (
        <code className="block truncate text-xs" title={values}>
          {values}
        </code>
      ) : (
        <Absent />
      )
    },
  }),
]

const described = [
  ...columns,
  column.accessor('description', {
    header: 'Description',
    meta: { className: 'max-w-72' },
    cell: ({ getValue }) => <Description text={getValue()} />,
  }),
]

export const Absent = () => <span className="text-faint">–</span>

/** A description on one line, in full on hover. */
export const Description = ({ text }: { text: string | null | undefined }) =>
  text ? (
    <span className="block truncate" title={text}>
      {text}
    </span>
  ) : (
    <Absent />
  )

export function PropertyTable({ properties }: { properties: readonly Property[] }) {
  return (
    <DataTable
      label="Properties"
      unbounded
      columns={properties.some(({ description }) => description) ? described : columns}
      rows={properties}
      rowId={({ name }) => name}
      rowName={({ name }) => name}
      empty={<p className="px-4 py-3 text-muted">No properties.</p>}
    />
  )
}
