import { RotateCw } from 'lucide-react'
import { Button } from '#components/ui/button'
import { DescriptionList } from '#components/ui/description-list'
import { Mono } from '#components/ui/mono'
import { Notice } from '#components/ui/notice'
import { SidePanel } from '#components/ui/side-panel'
import { Time } from '#components/ui/time'
import type { WebhookDelivery } from '#contract/webhooks/webhooks'
import { DeliveryState } from '../webhook-state.tsx'
import { reasonInWords } from './delivery-words.ts'

interface DeliveryPanelProps {
  /** Undefined when the delivery in the URL is not on this page of the log. */
  delivery: WebhookDelivery | undefined
  open: boolean
  /** Why it cannot be sent again. */
  off: string | null
  redelivering: { isPending: boolean; error: Error | null }
  onRedeliver: (id: string) => void
  onClose: () => void
}

/** One delivery in full: its outcome and the receiver's answer. */
export function DeliveryPanel({ delivery, open, off, redelivering, onRedeliver, onClose }: DeliveryPanelProps) {
  return (
    <SidePanel
      open={open}
      onOpenChange={onClose}
      title={<span className="font-mono text-base">{delivery?.action ?? 'Delivery'}</span>}
      footer={
        delivery && (
          <Button
            variant="primary"
            icon={<RotateCw className="size-3.5" />}
            pending={redelivering.isPending}
            disabledReason={off}
            onClick={() => onRedeliver(delivery.id)}
          >
            Redeliver
          </Button>
        )
      }
    >
      {delivery ? (
        <div className="space-y-4">
          {redelivering.error && <Notice tone="warning">{redelivering.error.message}</Notice>}
          {delivery.state !== 'delivered' && delivery.reason && <Notice tone="warning">{reasonInWords(delivery)}.</Notice>}
          <DescriptionList items={factsOf(delivery)} />
          {delivery.response !== null && (
            <div>
              <h3 className="mb-1.5 font-medium">Response</h3>
              <pre className="max-h-80 overflow-auto rounded-md border border-line bg-sunken p-3 text-xs whitespace-pre-wrap wrap-anywhere">
                {delivery.response}
              </pre>
            </div>
          )}
        </div>
      ) : (
        <p className="text-muted">This delivery isn’t on this page of the log. Try another page.</p>
      )}
    </SidePanel>
  )
}

const factsOf = ({ id, state, tries, createdAt, triedAt, nextTryAt, durationMs, status }: WebhookDelivery) => [
  { label: 'State', value: <DeliveryState state={state} tries={tries} /> },
  { label: 'Queued', value: <Time value={createdAt} exact /> },
  { label: 'Attempts', value: tries },
  ...(triedAt ? [{ label: 'Last attempt', value: <Time value={triedAt} exact /> }] : []),
  ...(nextTryAt ? [{ label: 'Next attempt', value: <Time value={nextTryAt} /> }] : []),
  ...(durationMs === null ? [] : [{ label: 'Duration', value: `${durationMs.toLocaleString('en')} ms` }]),
  ...(status === null ? [] : [{ label: 'Response', value: status }]),
  { label: 'webhook-id', value: <Mono copy="webhook-id">{id}</Mono> },
]
