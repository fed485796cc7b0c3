import { Actor } from '#components/actor'
import { type Columns, columnsOf } from '#components/table/columns'
import { Time, utcTime } from '#components/ui/time'
import type { AuditEvent } from '#contract/audit/events'
import { useOpenEvent } from './use-audit-filter.ts'

const column = columnsOf<AuditEvent>()

export const auditColumns: Columns<AuditEvent> = [
  column.accessor('createdAt', {
    header: 'Time',
    cell: ({ getValue }) => <Time value={getValue()} className="whitespace-nowrap text-muted tabular-nums" />,
  }),
  column.accessor('actor', {
    header: 'Actor',
    meta: { className: 'max-w-64' },
    cell: ({ getValue }) => <Actor actor={getValue()} />,
  }),
  column.accessor('action', { header: 'Action', cell: ({ row }) => <OpenEvent event={row.original} /> }),
  column.accessor('target', { header: 'Target', cell: ({ getValue }) => <Target target={getValue()} /> }),
  column.accessor('address', {
    header: 'IP address',
    cell: ({ getValue }) => (getValue() ? <code className="text-xs text-muted">{getValue()}</code> : <Absent />),
  }),
]

function OpenEvent({ event }: { event: AuditEvent }) {
  const [, open] = useOpenEvent()
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      onClick={() => void open(event.id)}
      className="rounded-sm font-mono text-xs font-medium underline-offset-3 hover:underline"
    >
      {event.action}
      <span className="sr-only">
        {event.target.name ?? event.target.id}, {utcTime(event.createdAt)}
      </span>
    </button>
  )
}

/** The target of an event: its name and kind. */
export function Target({ target: { kind, id, name } }: { target: AuditEvent['target'] }) {
  return (
    <span className="inline-flex max-w-[min(18rem,100%)] items-baseline gap-1.5 align-bottom">
      <span className="shrink-0 text-xs text-faint">{kind}</span>
      <span className="truncate" title={name ?? id}>
        {name ?? <code className="text-xs">{id}</code>}
      </span>
    </span>
  )
}

const Absent = () => <span className="text-faint">–</span>
