import { z } from 'zod'
import { AuditEvent } from '../audit/events.ts'
import { organizationAuditActions, projectAuditActions } from '../audit/actions.ts'
import { Id, PageQuery, Time } from '../common.ts'
import { operation } from '../operation.ts'
import { deliveryStates } from '../words.ts'

/** Every event that a webhook can receive, besides a `ping`. */
export const webhookEvents: readonly string[] = [...projectAuditActions, ...organizationAuditActions]

/** `member.*` means every event that starts with `member.`. */
export const webhookEventGroups: readonly string[] = [
  ...new Set(webhookEvents.map((action) => `${action.slice(0, action.indexOf('.'))}.*`)),
]

const isWanted = (text: string) => webhookEvents.includes(text) || webhookEventGroups.includes(text)
const isDistinct = (list: string[]) => new Set(list).size === list.length

const Url = z.string().trim().min(1).max(2000)
const Description = z
  .string()
  .trim()
  .max(200)
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
  events: z.array(z.string()).nullable().describe('Audit actions and groups of them (`member.*`); null: all.'),
  projects: z
    .array(z.object({ id: Id, slug: z.string(), name: z.string() }))
    .nullable()
    .describe('Only events of these projects; null: events of all projects and of the organization itself.'),
  enabled: z.boolean(),
  switchedOffAt: Time.nullable().describe('When the server turned it off.'),
  switchedOffReason: z
    .enum(['failing', 'gone'])
    .nullable()
    .describe('Why the server turned it off: no delivery had succeeded for three days, or the receiver answered 410.'),
  pausedUntil: Time.nullable().describe(
    'Nothing is sent before this time, because the receiver asked for it with `Retry-After`.',
  ),
  failingSince: Time.nullable().describe('The first failure since the last successful delivery.'),
  previousSecretUntil: Time.nullable().describe('Until this time, deliveries are also signed with the previous secret.'),
  lastDelivery: z.object({ state: z.enum(deliveryStates), action: z.string(), createdAt: Time }).nullable(),
  createdAt: Time,
  updatedAt: Time,
})
export type Webhook = z.infer<typeof Webhook>

export const WebhookWithSecret = Webhook.extend({
  secret: z.string().describe('`whsec_…`. Shown only once.'),
})
export type WebhookWithSecret = z.infer<typeof WebhookWithSecret>

export const CreateWebhook = z.strictObject({
  url: Url.describe('https only.'),
  description: Description.default(''),
  events: Events.default(null),
  projects: Projects.default(null).describe('The ids or slugs of projects.'),
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
    .max(7 * 24 * 3600, 'must be at most 604,800 (seven days)')
    .default(24 * 3600)
    .describe('How long deliveries are also signed with the previous secret.'),
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
  id: Id.describe('The id of the audit event. Every try sends it as `webhook-id`.'),
  action: z.string(),
  state: z.enum(deliveryStates),
  tries: z.int(),
  triedAt: Time.nullable(),
  nextTryAt: Time.nullable().describe('Null unless pending.'),
  durationMs: z.int().nullable().describe('The duration of the last try.'),
  status: z.int().nullable().describe('The HTTP status of the last try.'),
  reason: DeliveryReason.nullable().describe('Why the last try failed.'),
  detail: z.string().nullable(),
  response: z.string().nullable().describe('The receiver’s response, at most 1 KiB of it.'),
  createdAt: Time,
})
export type WebhookDelivery = z.infer<typeof WebhookDelivery>

export const DeliveryQuery = PageQuery.extend({
  state: z.enum(deliveryStates).optional().describe('Only deliveries in this state.'),
})
export type DeliveryQuery = z.infer<typeof DeliveryQuery>

const tag = 'Webhooks'
const permission = 'webhooks:manage'
const all = '/orgs/{orgId}/webhooks'
const one = `${all}/{webhookId}` as const
const badAddress = { 400: '`webhook_address_not_allowed`: not https, or not a public address' }

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
      'Sends each selected audit event to the URL, signed according to Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`). ' +
      'Events are delivered at least once, in any order: recognize repeats by their `webhook-id`. A delivery that gets no 2xx response within ten seconds ' +
      'is tried up to ten times over about a day. A 410 turns the webhook off; a 429 or 503 with `Retry-After` pauses it until then. The secret is shown only in this response.',
    body: CreateWebhook,
    returns: WebhookWithSecret,
    status: 201,
    location: 'id',
    errors: { ...badAddress, 409: '`webhook_limit_reached`: the organization has twenty webhooks already' },
  }),
  get: operation({ method: 'GET', path: one, tag, summary: 'Get a webhook', permission, returns: Webhook }),
  update: operation({
    method: 'PATCH',
    path: one,
    tag,
    summary: 'Change a webhook, or turn it on or off',
    permission,
    freshSignIn: 'when it sends events to another URL',
    description: 'While it is off, new events are not queued, and pending deliveries wait until it is on again.',
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
    description: 'Also deletes its delivery log and pending deliveries.',
    returns: z.object({ id: Id, deleted: z.literal(true) }),
    errors: { 412: '`precondition_failed`' },
  }),
  rotateSecret: operation({
    method: 'POST',
    path: `${one}/rotate-secret`,
    tag,
    summary: 'Rotate the secret of a webhook',
    permission,
    description:
      'During the overlap, every delivery has two signatures, one for each secret. The new secret is shown only in this response.',
    body: RotateWebhookSecret,
    bodyOptional: true,
    returns: WebhookWithSecret,
    errors: { 412: '`precondition_failed`' },
  }),
  test: operation({
    method: 'POST',
    path: `${one}/test`,
    tag,
    summary: 'Send a ping to a webhook',
    permission,
    description: 'The ping is delivered like any event, and appears in the delivery log.',
    returns: WebhookDelivery,
    status: 201,
    errors: { 409: '`webhook_disabled`' },
  }),
  listDeliveries: operation({
    method: 'GET',
    path: `${one}/deliveries`,
    tag,
    summary: 'List the deliveries of a webhook, newest first',
    permission,
    description: 'Only deliveries of the last thirty days.',
    query: DeliveryQuery,
    returns: WebhookDelivery.array(),
  }),
  redeliver: operation({
    method: 'POST',
    path: `${one}/deliveries/{deliveryId}/redeliver`,
    tag,
    summary: 'Send an event to a webhook again',
    permission,
    description: 'Sends it immediately, with the same `webhook-id`.',
    returns: WebhookDelivery,
    errors: { 409: '`webhook_disabled`' },
  }),
}
