import type { ReactNode } from 'react'
import { Badge } from '#components/ui/badge'
import { Time } from '#components/ui/time'
import type { Webhook, WebhookDelivery } from '#contract/webhooks/webhooks'

const offBecause = { failing: 'Off: kept failing', gone: 'Off: receiver is gone' } as const

/** Whether a webhook is on, and whether its deliveries arrive. */
export function WebhookState({ webhook, brief = false }: { webhook: Webhook; brief?: boolean }) {
  const { enabled, failingSince, switchedOffReason, pausedUntil } = webhook
  if (!enabled) return <Badge dot="off">{switchedOffReason ? offBecause[switchedOffReason] : 'Off'}</Badge>
  if (pausedUntil) {
    return (
      <Undelivered label="Paused" brief={brief}>
        by the receiver, resumes <Time value={pausedUntil} />
      </Undelivered>
    )
  }
  if (failingSince) {
    return (
      <Undelivered label="Failing" brief={brief}>
        since <Time value={failingSince} />
      </Undelivered>
    )
  }
  return (
    <Badge tone="ok" dot="on">
      On
    </Badge>
  )
}

/** Why nothing is delivered at present, and the details unless it must be brief. */
function Undelivered({ label, brief, children }: { label: string; brief: boolean; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-2">
      <Badge tone="warn" dot="off">
        {label}
      </Badge>
      {!brief && <span className="text-muted">{children}</span>}
    </span>
  )
}

/** The state of a delivery. */
export function DeliveryState({ state, tries }: Pick<WebhookDelivery, 'state'> & { tries?: number }) {
  if (state === 'delivered') {
    return (
      <Badge tone="ok" dot="on">
        Delivered
      </Badge>
    )
  }
  if (state === 'failed') {
    return (
      <Badge tone="warn" dot="off">
        Failed
      </Badge>
    )
  }
  return <Badge>{tries ? 'Will be retried' : 'Pending'}</Badge>
}
