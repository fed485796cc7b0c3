import { parseAsString, useQueryState } from 'nuqs'
import { type Columns, columnsOf } from '#components/table/columns'
import { OpenRow } from '#components/table/open-row'
import { Time, utcTime } from '#components/ui/time'
import type { WebhookDelivery } from '#contract/webhooks/webhooks'
import { DeliveryState } from '../webhook-state.tsx'

const column = columnsOf<WebhookDelivery>()

/** The delivery whose panel is open, kept in the URL. */
export const useOpenDelivery = () => useQueryState('delivery', parseAsString)

const Absent = () => <span className="text-faint">–</span>

export const deliveryColumns: Columns<WebhookDelivery> = [
  column.accessor('action', { header: 'Event', cell: ({ row }) => <OpenDelivery delivery={row.original} /> }),
  column.accessor('createdAt', {
    header: 'Time',
    cell: ({ getValue }) => <Time value={getValue()} className="whitespace-nowrap text-muted tabular-nums" />,
  }),
  column.accessor('state', {
    header: 'State',
    cell: ({ row: { original } }) => <DeliveryState state={original.state} tries={original.tries} />,
  }),
  column.accessor('tries', { header: 'Attempts', meta: { align: 'right' } }),
  column.accessor('durationMs', {
    header: 'Duration',
    meta: { align: 'right' },
    cell: ({ getValue }) => (getValue() === null ? <Absent /> : `${getValue()?.toLocaleString('en')} ms`),
  }),
  column.accessor('status', {
    header: 'Response',
    meta: { align: 'right' },
    cell: ({ getValue }) => getValue() ?? <Absent />,
  }),
]

function OpenDelivery({ delivery }: { delivery: WebhookDelivery }) {
  const [, open] = useOpenDelivery()
  return (
    <OpenRow mono onOpen={() => void open(delivery.id)} detail={utcTime(delivery.createdAt)}>
      {delivery.action}
    </OpenRow>
  )
}
