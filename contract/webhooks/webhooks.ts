import { z } from 'zod'
import { AuditEvent, organizationAuditActions, projectAuditActions } from '../audit/events.ts'
import { Id, PageQuery, Time } from '../common.ts'
import { operation } from '../operation.ts'

/** Every event that a webhook can receive, besides a `ping`. */
export const webhookEvents: readonly string[] = [...projectAuditActions, ...organizationAuditActions]

/** `member.*` means every event that starts with `member.`. */
export const webhookEventGroups: readonly string[] = [
  ...new Set(webhookEvents.map((action) => `${action.slice(0, action.indexOf('.'))}.*`)),
]

const isWanted = (text: string) => webhookEvents.includes(text) || webhookEventGroups.includes(text)
const isDistinct = (list: string[]) => new Set(list).size === list.length

const Url = z.string().trim().min(1, 'must not be empty').max(2000, 'must be at most 2,000 characters')
const Description = z
  .string()
  .trim()
  .max(200, 'must be at most 200 characters')
  .regex(/^\P{Cc}*$/u, 'must not contain control characters')
const Events = z
  .array(z.string().max(100).refine(isWanted, 'must be an audit action such as project.nuked, or a group such as member.*'))
  .min(1, 'must name at least one event, or be null for all')
  .max(100, 'must name at most 100 events')
  .refine(isDistinct, 'must not name an event twice')
  .nullable()
const Projects = z
  .array(z.string().max(100))
  .min(1, 'must name at least one project, or be null for all')
  .max(200, 'must name at most 200 projects')
  .nullable()

export const Webhook = z.object({
  id: Id,
  url: z.string(),
  description: z.string(),
  events: z.array(z.string()).nullable().describe('Audit actions and groups of them (`member.*`); null = all.'),
  projects: z
    .array(z.object({ id: Id, slug: z.string(), name: z.string() }))
    .nullable()
    .describe('Only events of these; null = of all, and of the organisation itself.'),
  enabled: z.boolean(),
  switchedOffAt: Time.nullable().describe('When it was switched off because nothing had been delivered for three days.'),
  failingSince: Time.nullable().describe('The first of the failures since the last delivery.'),
  previousSecretUntil: Time.nullable().describe('Until then the secret before the last rotation signs too.'),
  lastDelivery: z.object({ state: z.enum(['pending', 'delivered', 'failed']), action: z.string(), createdAt: Time }).nullable(),
  createdAt: Time,
  updatedAt: Time,
})
export type Webhook = z.infer<typeof Webhook>

export const WebhookWithSecret = Webhook.extend({
  secret: z.string().describe('`whsec_…`. Shown this once.'),
})
export type WebhookWithSecret = z.infer<typeof WebhookWithSecret>

export const CreateWebhook = z.strictObject({
  url: Url.describe('https only.'),
  description: Description.default(''),
  events: Events.default(null),
  projects: Projects.default(null).describe('Their ids or slugs.'),
  enabled: z.boolean().default(true),
})
export type CreateWebhook = z.infer<typeof CreateWebhook>

export const UpdateWebhook = z.strictObject({
  url: Url.optional(),
  description: Description.optional(),
  events: Events.optional(),
  projects: Projects.optional(),
  enabled: z.boolean().optional(),
})
export type UpdateWebhook = z.infer<typeof UpdateWebhook>

export const RotateWebhookSecret = z.strictObject({
  overlapSeconds: z
    .int()
    .min(0)
    .max(7 * 24 * 3600, 'must be at most seven days')
    .default(24 * 3600)
    .describe('For so long the secret that is replaced signs too.'),
})
export type RotateWebhookSecret = z.infer<typeof RotateWebhookSecret>

/** What a webhook receives: an audit event and where it happened. */
export const WebhookEvent = AuditEvent.omit({ seq: true, hash: true }).extend({ orgId: Id, projectId: Id.nullable() })
export type WebhookEvent = z.infer<typeof WebhookEvent>

/** Why a try failed to deliver. */
export const DeliveryReason = z.enum([
  'address_not_allowed',
  'unreachable',
  'timed_out',
  'redirected',
  'refused',
  'event_gone',
  'secret_unreadable',
])
export type DeliveryReason = z.infer<typeof DeliveryReason>

export const WebhookDelivery = z.object({
  id: Id.describe('The `webhook-id` that the receiver sees, the same for every try: that of the audit event.'),
  action: z.string(),
  state: z.enum(['pending', 'delivered', 'failed']),
  tries: z.int(),
  triedAt: Time.nullable(),
  nextTryAt: Time.nullable().describe('null unless pending.'),
  durationMs: z.int().nullable().describe('Of the last try.'),
  status: z.int().nullable().describe('The HTTP status of the last try.'),
  reason: DeliveryReason.nullable().describe('Why the last try did not deliver.'),
  detail: z.string().nullable(),
  response: z.string().nullable().describe('What the receiver answered, at most 1 KiB.'),
  createdAt: Time,
})
export type WebhookDelivery = z.infer<typeof WebhookDelivery>

export const DeliveryQuery = PageQuery.extend({
  state: z.enum(['pending', 'delivered', 'failed']).optional(),
})
export type DeliveryQuery = z.infer<typeof DeliveryQuery>

const tag = 'Webhooks'
const permission = 'webhooks:manage'
const all = '/orgs/{orgId}/webhooks'
const one = `${all}/{webhookId}` as const
const badAddress = { 400: '`webhook_address_not_allowed`: not https, or an address that is not public' }

export const webhookOperations = {
  list: operation({
    method: 'GET',
    path: all,
    tag,
    summary: 'List webhooks',
    permission,
    query: PageQuery,
    returns: Webhook.array(),
  }),
  create: operation({
    method: 'POST',
    path: all,
    tag,
    summary: 'Create a webhook',
    permission,
    freshSignIn: 'always',
    description:
      'Every audit event that it asks for is sent to its URL, signed as Standard Webhooks says (`webhook-id`, `webhook-timestamp`, ' +
      '`webhook-signature`). At least once and in no promised order: tell repetitions by `webhook-id`. What is not answered with 2xx ' +
      'within ten seconds is tried ten times, over about a day. The answer holds the secret, this once.',
    body: CreateWebhook,
    returns: WebhookWithSecret,
    status: 201,
    location: 'id',
    errors: { ...badAddress, 409: '`webhook_limit_reached`: there are twenty already' },
  }),
  get: operation({ method: 'GET', path: one, tag, summary: 'Get a webhook', permission, returns: Webhook }),
  update: operation({
    method: 'PATCH',
    path: one,
    tag,
    summary: 'Change a webhook, or switch it on or off',
    permission,
    freshSignIn: 'when it sends events to another URL',
    description: 'While it is off, nothing new is queued for it, and what is waiting stays until it is on again.',
    body: UpdateWebhook,
    returns: Webhook,
    errors: { ...badAddress, 412: '`precondition_failed`' },
  }),
  delete: operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Delete a webhook',
    permission,
    description: 'With its log, and with what is waiting for it.',
    returns: z.object({ id: Id, deleted: z.literal(true) }),
    errors: { 412: '`precondition_failed`' },
  }),
  rotateSecret: operation({
    method: 'POST',
    path: `${one}/rotate-secret`,
    tag,
    summary: 'Replace the secret of a webhook',
    permission,
    description:
      'During the overlap every request carries two signatures, one of each secret. The answer holds the new one, this once.',
    body: RotateWebhookSecret,
    bodyOptional: true,
    returns: WebhookWithSecret,
  }),
  test: operation({
    method: 'POST',
    path: `${one}/test`,
    tag,
    summary: 'Send a ping to a webhook',
    permission,
    description: 'It is tried like any event, and stands in the log.',
    returns: WebhookDelivery,
    status: 201,
    errors: { 409: '`webhook_disabled`' },
  }),
  listDeliveries: operation({
    method: 'GET',
    path: `${one}/deliveries`,
    tag,
    summary: 'List what was sent to a webhook, newest first',
    permission,
    description: 'Of the last thirty days.',
    query: DeliveryQuery,
    returns: WebhookDelivery.array(),
  }),
  redeliver: operation({
    method: 'POST',
    path: `${one}/deliveries/{deliveryId}/redeliver`,
    tag,
    summary: 'Send an event to a webhook again',
    permission,
    description: 'At once, with the `webhook-id` that it had.',
    returns: WebhookDelivery,
    errors: { 409: '`webhook_disabled`' },
  }),
}
