import type { DeliveryReason, WebhookDelivery } from '#contract/webhooks/webhooks'

const words = {
  address_not_allowed: 'The URL’s address is not on the public internet',
  unreachable: 'The receiver couldn’t be reached',
  timed_out: 'The receiver didn’t answer within ten seconds',
  redirected: 'The receiver answered with a redirect, which webhooks don’t follow',
  refused: 'The receiver answered with an error',
  event_gone: 'The event is no longer in the audit log',
  secret_unreadable: 'This server’s key can’t decrypt the secret. Rotate the secret',
} as const satisfies Record<DeliveryReason, string>

/** Why the last try failed, in a sentence; null when it succeeded or none has ended. */
export const reasonInWords = ({ reason, detail }: Pick<WebhookDelivery, 'reason' | 'detail'>): string | null =>
  reason && (detail ? `${words[reason]} (${detail})` : words[reason])
