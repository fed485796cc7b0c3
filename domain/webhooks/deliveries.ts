import type { DeliveryQuery, DeliveryReason, WebhookDelivery, WebhookEvent } from '#contract/webhooks/webhooks'
import { type Database, type Trx, inTransaction } from '#db/client'
import * as rows from '#db/queries/webhooks/deliveries'
import { type SwitchedOff, lockWebhook, pauseWebhook, resumeWebhook, switchOffWebhook } from '#db/queries/webhooks/webhooks'
import { audit } from '../audit/audit.ts'
import type { OrgContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { lowestId, newId } from '../ids.ts'
import { type Page, idCursor, toPage } from '../paging.ts'
import { assertCanInOrganization } from '../access/permissions.ts'
import { openWebhookSecret, signWebhook } from './secrets.ts'
import { getWebhook, hostOf } from './webhooks.ts'

const PING = 'ping'
/** Tries, spread over about a day. */
const TRIES = 10
const FIRST_PAUSE = 5
const LONGEST_PAUSE = 8 * 3600
/** Days without a delivery after which a webhook is switched off. */
const FAILING_DAYS = 3
const KEPT_DAYS = 30
const BATCH = 2000

/** Seconds of backoff after this many tries: four times as long each time, give or take 20% so that retries spread out. */
export const pauseAfter = (tries: number, random = Math.random()) =>
  Math.min(FIRST_PAUSE * 4 ** (tries - 1), LONGEST_PAUSE) * (0.8 + 0.4 * random)

const present = (row: rows.DeliveryRow): WebhookDelivery => ({
  id: row.id,
  action: row.action,
  state: row.state,
  tries: row.tries,
  triedAt: row.tried_at,
  nextTryAt: row.state === 'pending' ? row.next_try_at : null,
  durationMs: row.duration_ms,
  status: row.status,
  reason: row.reason as DeliveryReason | null,
  detail: row.detail,
  response: row.response,
  createdAt: row.created_at,
})

export async function listDeliveries(
  context: OrgContext,
  webhookId: string,
  { state, limit, cursor }: DeliveryQuery,
): Promise<Page<WebhookDelivery>> {
  assertCanInOrganization(context, 'webhooks:manage')
  const { id } = await getWebhook(context, webhookId)
  const found = await rows.listDeliveries(
    context.db,
    { org_id: context.org.id, webhook_id: id },
    { state, before: idCursor(cursor), limit },
  )
  return toPage(found, limit, (row) => [row.id], present)
}

/** Sends an event without content, to test that it arrives. */
export async function pingWebhook(context: OrgContext, webhookId: string): Promise<WebhookDelivery> {
  assertCanInOrganization(context, 'webhooks:manage')
  return sending(context, webhookId, async (trx, of) => {
    const id = newId()
    await rows.insertDelivery(trx, of, { id, action: PING })
    return id
  })
}

/** Sends it at once with its original id, and starts its tries over. */
export async function redeliver(context: OrgContext, webhookId: string, id: string): Promise<WebhookDelivery> {
  assertCanInOrganization(context, 'webhooks:manage')
  return sending(context, webhookId, async (trx, of) => {
    const found = await rows.requeueDelivery(trx, of, id)
    if (!found) throw new DomainError('delivery_not_found', 'No such delivery of this webhook in the last thirty days')
    return id
  })
}

async function sending(
  context: OrgContext,
  webhookId: string,
  queue: (trx: Trx, of: rows.WebhookOf) => Promise<string>,
): Promise<WebhookDelivery> {
  const of = { org_id: context.org.id, webhook_id: webhookId }
  return inTransaction(context.db, async (trx) => {
    await lockWebhook(trx, context.org.id, webhookId)
    const { enabled } = await getWebhook({ ...context, db: trx }, webhookId)
    if (!enabled) throw new DomainError('webhook_disabled', 'This webhook is turned off. Turn it on first')
    // A person who sends something now does not wait for what the receiver asked of earlier requests.
    await resumeWebhook(trx, context.org.id, webhookId)
    return present((await rows.findDelivery(trx, of, await queue(trx, of)))!)
  })
}

export type { Claimed } from '#db/queries/webhooks/deliveries'
export const claimDeliveries = rows.claimDeliveries
export const releaseDelivery = rows.releaseDelivery

/** A request as it is sent, or why there is none; undefined when its webhook was deleted meanwhile. */
export type Outgoing = { url: string; headers: Record<string, string>; body: string }

/** The request to send now: every try has a new timestamp and signature. */
export async function deliveryToSend(
  db: Database,
  claimed: rows.Claimed,
): Promise<Outgoing | { reason: DeliveryReason } | undefined> {
  const row = await rows.findDeliveryToSend(db, claimed)
  if (!row) return undefined
  const event = eventOf(row)
  if (!event) return { reason: 'event_gone' }
  const secrets = secretsOf(row)
  if (secrets.length === 0) return { reason: 'secret_unreadable' }
  const body = JSON.stringify(event)
  const timestamp = Math.floor(Date.now() / 1000)
  const signatures = secrets.map((secret) => signWebhook(secret, { id: row.id, timestamp, body }))
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Bulkhead-Webhooks',
    'webhook-id': row.id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  }
  return { url: row.url, headers, body }
}

function secretsOf({ webhook_id, ...row }: rows.DeliveryToSend): string[] {
  const current = openWebhookSecret(webhook_id, row)
  const previous =
    row.has_previous && row.previous_sealed && row.previous_sealed_by
      ? openWebhookSecret(webhook_id, { sealed: row.previous_sealed, sealed_by: row.previous_sealed_by })
      : undefined
  return [current, previous].filter((secret) => secret !== undefined)
}

/** An audit event or a ping in the API's form; undefined when the event no longer exists. */
function eventOf(row: rows.DeliveryToSend): WebhookEvent | undefined {
  if (row.action === PING) {
    return {
      id: row.id,
      actor: { kind: 'system', id: null, name: 'bulkhead' },
      action: PING,
      target: { kind: 'webhook', id: row.webhook_id, name: hostOf(row.url) },
      before: null,
      after: null,
      requestId: null,
      address: null,
      createdAt: row.created_at,
      orgId: row.org_id,
      projectId: null,
    }
  }
  if (row.event_action === null) return undefined
  return {
    id: row.id,
    actor: { kind: row.actor_kind!, id: row.actor_id, name: row.actor_name! },
    action: row.event_action,
    target: { kind: row.target_kind!, id: row.target_id!, name: row.target_name },
    before: row.before as WebhookEvent['before'],
    after: row.after as WebhookEvent['after'],
    requestId: row.request_id,
    address: row.address,
    createdAt: row.event_created_at!,
    orgId: row.org_id,
    projectId: row.project_id,
  }
}

/** The outcome of a try. */
export type Outcome = {
  delivered: boolean
  durationMs: number
  status: number | null
  reason: DeliveryReason | null
  detail: string | null
  response: string | null
  /** Seconds that the receiver asked to wait. */
  retryAfter: number | null
  /** Where it was sent, if it was: the webhook may have been redirected meanwhile. */
  url: string | null
}

/** The receiver is gone and wants no more requests (Standard Webhooks). */
const GONE = 410

/** At least what the receiver asked for, with room to spread out those that wait, and at most the longest pause. */
const askedPause = (seconds: number, random = Math.random()) => Math.min(seconds * (1 + 0.2 * random), LONGEST_PAUSE)

/**
 * Records the outcome, schedules the next try, pauses a webhook whose receiver asks for it, and switches off one that has long
 * failed or is gone; its owners are notified.
 */
export async function recordOutcome(db: Database, claimed: rows.Claimed, outcome: Outcome): Promise<void> {
  const { delivered, durationMs, status, reason, detail, response, retryAfter, url } = outcome
  const isGone = url !== null && status === GONE
  const isLast = claimed.tries >= TRIES || reason === 'event_gone' || isGone
  const asked = retryAfter === null ? 0 : askedPause(retryAfter)
  await inTransaction(db, async (trx) => {
    await rows.recordTry(trx, claimed, {
      state: delivered ? 'delivered' : isLast ? 'failed' : 'pending',
      retrySeconds: Math.max(pauseAfter(claimed.tries), asked),
      duration_ms: durationMs,
      status,
      reason,
      detail,
      response,
    })
    if (delivered) return
    if (url !== null && asked > 0) await pauseWebhook(trx, claimed, url, asked)
    await (isGone ? switchOffGone(trx, claimed, url) : switchOffIfDead(trx, claimed))
  })
}

async function switchOffGone(trx: Trx, { org_id, webhook_id }: rows.WebhookOf, url: string): Promise<void> {
  const off = await switchOffWebhook(trx, org_id, webhook_id, { url })
  if (off) await auditSwitchOff(trx, org_id, off, { status: GONE })
}

async function switchOffIfDead(trx: Trx, { org_id, webhook_id }: rows.WebhookOf): Promise<void> {
  const off = await switchOffWebhook(trx, org_id, webhook_id, { afterDays: FAILING_DAYS })
  if (off) await auditSwitchOff(trx, org_id, off)
}

/** Also notifies the owners. */
async function auditSwitchOff(trx: Trx, orgId: string, off: SwitchedOff, after?: { status: number }): Promise<void> {
  await audit(
    trx,
    { actor: { kind: 'system', name: 'webhooks' }, origin: null, org: { id: orgId } },
    'webhook.switched-off',
    { kind: 'webhook', id: off.id, name: hostOf(off.url) },
    { before: { failingSince: off.failing_since }, ...(after ? { after } : {}) },
  )
}

/** Deletes everything queued more than thirty days ago, whatever its outcome. Returns how many. */
export async function purgeDeliveries(db: Database, now = new Date()): Promise<number> {
  const below = lowestId(new Date(now.getTime() - KEPT_DAYS * 24 * 3600 * 1000))
  let purged = 0
  for await (const n of rows.deleteDeliveriesBelow(db, below, BATCH)) purged += n
  return purged
}
