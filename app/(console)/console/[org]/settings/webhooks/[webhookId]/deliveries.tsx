'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { DataTable } from '#components/table/data-table'
import { usePaging } from '#components/table/list-state'
import { Toolbar, ToolbarFilter } from '#components/table/toolbar'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { useToast } from '#components/ui/toast'
import { utcTime } from '#components/ui/time'
import type { Webhook } from '#contract/webhooks/webhooks'
import { deliveryStates } from '#contract/words'
import { deliveriesQuery, useRedeliver } from '#queries/webhooks/webhooks'
import { deliveryColumns, useOpenDelivery } from './delivery-columns.tsx'

const DeliveryPanel = lazyDialog(() => import('./delivery-panel.tsx').then((module) => module.DeliveryPanel))

const stateOptions = [
  { value: 'pending', label: 'pending' },
  { value: 'delivered', label: 'delivered' },
  { value: 'failed', label: 'failed' },
] as const
const stateInUrl = parseAsStringLiteral(deliveryStates)

/** A webhook's deliveries, newest first. */
export function Deliveries({ org, webhook }: { org: string; webhook: Webhook }) {
  const [state, setState] = useQueryState('state', stateInUrl)
  const [openId, setOpenId] = useOpenDelivery()
  const paging = usePaging(['delivery', 'deliveries'])
  const toast = useToast()
  const deliveries = useQuery({
    ...deliveriesQuery(org, webhook.id, { state: state ?? undefined, cursor: paging.cursor }),
    placeholderData: keepPreviousData,
  })
  const redeliver = useRedeliver(org, webhook.id)
  const narrow = (next: typeof state) => {
    void setState(next)
    if (paging.cursor) paging.toFirst()
  }
  const off = webhook.enabled ? null : 'The webhook is off'
  const again = (id: string) => redeliver.mutate(id, { onSuccess: () => toast('The delivery is sent again') })
  return (
    <>
      <Toolbar label="Filter deliveries" onClear={state ? () => narrow(null) : undefined}>
        <ToolbarFilter label="State" options={stateOptions} value={state} onChange={narrow} />
      </Toolbar>
      <DataTable
        label="Deliveries"
        columns={deliveryColumns}
        rows={deliveries.data?.items}
        rowId={({ id }) => id}
        rowName={({ action, createdAt }) => `${action} ${utcTime(createdAt)}`}
        onOpen={({ id }) => void setOpenId(id)}
        rowActions={({ id }) => [
          { label: 'Show', onSelect: () => void setOpenId(id) },
          { label: 'Redeliver', icon: <RotateCw />, disabledReason: off, onSelect: () => again(id) },
        ]}
        stale={deliveries.isPlaceholderData}
        error={deliveries.error && { message: deliveries.error.message, retry: () => void deliveries.refetch() }}
        pager={paging.pager(deliveries.data)}
        empty={
          state ? (
            <EmptyState title="No deliveries match" action={<Button onClick={() => narrow(null)}>Show all</Button>}>
              No delivery is in this state.
            </EmptyState>
          ) : (
            <EmptyState title="No deliveries yet">Send a test ping to check that your receiver gets it.</EmptyState>
          )
        }
      />
      <DeliveryPanel
        delivery={deliveries.data?.items.find(({ id }) => id === openId)}
        open={openId !== null && deliveries.data !== undefined}
        off={off}
        redelivering={redeliver}
        onRedeliver={again}
        onClose={() => void setOpenId(null)}
      />
    </>
  )
}
