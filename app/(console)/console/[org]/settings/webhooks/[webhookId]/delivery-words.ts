import type { DeliveryReason, WebhookDelivery } from '#contract/webhooks/webhooks'

const words = {
  address_not_allowed: 'The address is not one of the public internet',
  unreachable: 'The receiver could not be reached',
  timed_out: 'The receiver did not answer within ten seconds',
  redirected: 'The receiver redirected; redirects are not followed',
  refused: 'The receiver did not take it',
  event_gone: 'The event is not in the log any more',
  secret_unreadable: 'The secret cannot be read with this server’s key; rotate it',
} as const satisfies Record<DeliveryReason, string>

/** Why the last try failed, in a sentence; null when it succeeded or none has ended. */
export const reasonInWords = ({ reason, detail }: Pick<WebhookDelivery, 'reason' | 'detail'>): string | null =>
  reason && (detail ? `${words[reason]} (${detail})` : words[reason])
