import { join } from 'node:path'
import { DomainError, TryLater } from '#domain/errors'
import { projectRoot } from '#config/project-root'
import type { Body } from '../body-store.ts'
import { type Pool, createPool } from './pool.ts'
import { createTurns } from '../turns.ts'
import { invalid } from './refusal.ts'
import type { Format } from './value.ts'

const slot = Symbol.for('bulkhead.parsers')
const shared = globalThis as { [slot]?: Pool }

/** The process's one pool. Kept on `globalThis`, since Next bundles a second copy of this module. */
const pool = () => (shared[slot] ??= createPool(join(projectRoot, 'server', 'http', 'parsing', 'worker.ts')))

/** Ends the threads. The next large body starts new ones. */
export async function stopParsing(): Promise<void> {
  const stopping = shared[slot]
  delete shared[slot]
  await stopping?.stop()
}

const RETRY_AFTER = 5

const KIB = 1024
/** Bytes from which parsing a body takes much memory. */
const HEAVY = { json: KIB * KIB, yaml: 256 * KIB }

/** Parsed large bodies stay in memory until their requests are answered; this limits how many each organization has. */
const atWork = createTurns({
  places: 16,
  placesOfShare: 3,
  heavyPlaces: 4,
  heavyPlacesOfShare: 1,
  waiting: 256,
  waitingOfShare: 32,
  patience: 15_000,
})
/** Smaller bodies are not counted, in bytes. */
const LIGHT = 256 * KIB

async function workOn(body: Body, share: string, isHeavy: boolean): Promise<void> {
  if (body.size <= LIGHT) return
  if (!(await atWork.take(share, isHeavy)))
    throw new TryLater('too_much_at_once', 'You have too many large bodies in progress. Send one after another', RETRY_AFTER)
  body.onClose(() => atWork.release(share, isHeavy))
}

const sentences = {
  time: 'The body takes too long to parse. Send it in several smaller requests',
  memory: 'The body takes too much memory to parse. Send it in several smaller requests',
}

/**
 * Parses a large body in another thread, with the same result as `orgBody` or `v1Body`. Loads it once its share has a thread.
 * Throws 400; 429 when the share has too many values in memory; and 503.
 */
export async function parseLarge(
  body: Body,
  { operation, format }: { operation: string; format: Format },
  share: string,
): Promise<unknown> {
  const isHeavy = body.size > HEAVY[format]
  await workOn(body, share, isHeavy)
  const parsed = await pool().parse(share, async () => ({ operation, format, bytes: await body.load() }), isHeavy)
  if ('value' in parsed) return parsed.value
  if ('refusal' in parsed) {
    const { code, sentence, details, problems } = parsed.refusal
    throw new DomainError(code, sentence, details, problems)
  }
  if ('lost' in parsed && parsed.lost !== 'stopped') throw invalid(sentences[parsed.lost])
  throw new TryLater('overloaded', 'Too many large bodies are waiting to be parsed', RETRY_AFTER)
}
