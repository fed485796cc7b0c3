import { type Columns, columnsOf } from '#components/table/columns'
import { Link } from '#components/ui/link'
import { Time } from '#components/ui/time'
import type { Webhook } from '#contract/webhooks/webhooks'
import { paths } from '#contract/paths'
import { DeliveryState, WebhookState } from './webhook-state.tsx'
import { WebhookEvents, WebhookProjects } from './webhook-selection.tsx'

const column = columnsOf<Webhook>()

export const webhookColumns = (org: string): Columns<Webhook> => [
  column.accessor('url', {
    header: 'URL',
    cell: ({ getValue, row: { original } }) => (
      <span className="block max-w-44 py-1.5 sm:max-w-72">
        <Link look="quiet" href={paths.organization(org).webhook(original.id)} className="block truncate" title={getValue()}>
          {withoutScheme(getValue())}
        </Link>
        {original.description && <span className="block truncate text-xs text-muted">{original.description}</span>}
      </span>
    ),
  }),
  column.accessor('enabled', { header: 'State', cell: ({ row }) => <WebhookState webhook={row.original} brief /> }),
  column.accessor('lastDelivery', {
    header: 'Last delivery',
    cell: ({ getValue }) => {
      const last = getValue()
      if (!last) return <span className="text-muted">Nothing yet</span>
      return (
        <span className="inline-flex items-center gap-2">
          <DeliveryState state={last.state} />
          <Time value={last.createdAt} className="text-muted" />
        </span>
      )
    },
  }),
  column.accessor('events', { header: 'Events', cell: ({ getValue }) => <WebhookEvents events={getValue()} oneLine /> }),
  column.accessor('projects', { header: 'Projects', cell: ({ getValue }) => <WebhookProjects projects={getValue()} oneLine /> }),
]

/** All URLs are https, so the host tells them apart. */
export const withoutScheme = (url: string) => url.replace(/^https:\/\//, '').replace(/^([^/]+)\/$/, '$1')
