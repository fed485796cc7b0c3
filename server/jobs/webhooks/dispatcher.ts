import type { Database } from '#db/client'
import { type Claimed, claimDeliveries, outgoing, recordOutcome, releaseDelivery } from '#domain/webhooks/deliveries'
import { log } from '#server/log'
import type { Resolve } from './lookup.ts'
import { send } from './send.ts'

export type DispatcherOptions = {
  /** Milliseconds between two looks at what is due. */
  every?: number
  /** Milliseconds that a receiver has. */
  timeout?: number
  resolve?: Resolve | undefined
}

/** So many requests of a process are under way, of an organization, and to one webhook: a slow receiver takes no other's place. */
const ROOM = { total: 200, perOrganization: 20, perWebhook: 4 }
/** Longer than any try takes: then whoever took it has died. */
const LEASE_SECONDS = 60

/**
 * Sends what is due to webhooks, for as long as the process runs. What is due stands in the database, written with the audit events
 * themselves, so that nothing depends on this process: any other, or the next one, goes on.
 */
export function startDispatcher(db: Database, { every = 1000, timeout = 10_000, resolve }: DispatcherOptions = {}) {
  const stopping = new AbortController()
  const underWay = new Map<string, number>()
  const tries = new Set<Promise<void>>()
  let wake = () => {}
  let failing = false

  async function tryOne(claimed: Claimed): Promise<void> {
    const message = await outgoing(db, claimed)
    if (!message) return
    if ('reason' in message) {
      const nothing = { delivered: false, durationMs: 0, status: null, detail: null, response: null }
      return recordOutcome(db, claimed, { ...nothing, reason: message.reason })
    }
    const sent = await send(message, { timeout, signal: stopping.signal, resolve }).catch((error: unknown) => {
      if (!stopping.signal.aborted) throw error
      return undefined
    })
    return sent ? recordOutcome(db, claimed, sent) : releaseDelivery(db, claimed)
  }

  function begin(claimed: Claimed) {
    const { webhook_id: webhook } = claimed
    underWay.set(webhook, (underWay.get(webhook) ?? 0) + 1)
    const trying = tryOne(claimed)
      .catch((error: unknown) =>
        log.error({ err: error, webhook, delivery: claimed.id }, 'a webhook’s delivery failed to be tried'),
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

  /** Answers whether there may be more at once. */
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
          // Once, not every second while the database is away.
          if (!failing) log.error(error, 'what is due to webhooks could not be read')
          failing = true
          return false
        },
      )
      // Whatever ends makes room, and so wakes it before its time.
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
    /** Breaks off what is under way; it is due again at once, for whoever goes on. */
    async stop(): Promise<void> {
      stopping.abort()
      wake()
      await running
      await Promise.all(tries)
    },
  }
}
