import type { Database } from '#db/client'
import { type Claimed, claimDeliveries, deliveryToSend, recordOutcome, releaseDelivery } from '#domain/webhooks/deliveries'
import { deliveryTries } from '#server/counters'
import { log } from '#server/log'
import type { Resolve } from './lookup.ts'
import { send } from './send.ts'

export type DispatcherOptions = {
  /** Milliseconds between two checks for due deliveries. */
  every?: number
  /** Milliseconds that a receiver has to answer. */
  timeout?: number
  resolve?: Resolve | undefined
}

/** Concurrent requests: in all, of an organization, and to one webhook, so that a slow receiver takes no other's place. */
const ROOM = { total: 200, perOrganization: 20, perWebhook: 4 }
/** Longer than any try takes; after that, the process that took the delivery has died. */
const LEASE_SECONDS = 60

/**
 * Sends due deliveries to webhooks for as long as the process runs. They are stored in the database with their audit events, so
 * any other process, or the next one, can continue.
 */
export function startDispatcher(db: Database, { every = 1000, timeout = 10_000, resolve }: DispatcherOptions = {}) {
  const stopping = new AbortController()
  const underWay = new Map<string, number>()
  const tries = new Set<Promise<void>>()
  let wake = () => {}
  let failing = false

  async function tryOne(claimed: Claimed): Promise<void> {
    const message = await deliveryToSend(db, claimed)
    if (!message) return
    if ('reason' in message) {
      const nothing = { delivered: false, durationMs: 0, status: null, detail: null, response: null, retryAfter: null, url: null }
      deliveryTries.failed++
      return recordOutcome(db, claimed, { ...nothing, reason: message.reason })
    }
    const sent = await send(message, { timeout, signal: stopping.signal, resolve }).catch((error: unknown) => {
      if (!stopping.signal.aborted) throw error
      return undefined
    })
    if (sent) deliveryTries[sent.delivered ? 'delivered' : 'failed']++
    return sent ? recordOutcome(db, claimed, { ...sent, url: message.url }) : releaseDelivery(db, claimed)
  }

  function begin(claimed: Claimed) {
    const { webhook_id: webhook } = claimed
    underWay.set(webhook, (underWay.get(webhook) ?? 0) + 1)
    const trying = tryOne(claimed)
      .catch((error: unknown) =>
        log.error({ err: error, webhook, delivery: claimed.id }, 'a webhook delivery could not be attempted'),
      )
      .finally(() => {
        const left = (underWay.get(webhook) ?? 1) - 1
        if (left > 0) underWay.set(webhook, left)
        else underWay.delete(webhook)
        tries.delete(trying)
        wake()
      })
    tries.add(trying)
  }

  /** Returns whether more may be due at once. */
  async function look(): Promise<boolean> {
    const total = ROOM.total - tries.size
    if (total <= 0) return false
    const claimed = await claimDeliveries(db, { ...ROOM, total, busy: underWay, leaseSeconds: LEASE_SECONDS })
    for (const one of claimed) begin(one)
    return claimed.length > 0
  }

  async function run() {
    while (!stopping.signal.aborted) {
      const found = await look().then(
        (more) => {
          failing = false
          return more
        },
        (error: unknown) => {
          // Logged once, not every second of a database outage.
          if (!failing) log.error(error, 'the due webhook deliveries could not be read')
          failing = true
          return false
        },
      )
      // A finished try frees a place and ends the pause early.
      if (!(found && tries.size === 0)) await pause()
    }
  }

  const pause = () =>
    new Promise<void>((done) => {
      const timer = setTimeout(done, every)
      wake = () => {
        clearTimeout(timer)
        done()
      }
    })

  const running = run()
  return {
    /** Aborts deliveries under way. They are due again at once, for another process. */
    async stop(): Promise<void> {
      stopping.abort()
      wake()
      await running
      await Promise.all(tries)
    },
  }
}
