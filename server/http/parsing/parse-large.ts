import { join } from 'node:path'
import { DomainError, TryLater } from '#domain/errors'
import { projectRoot } from '#config/project-root'
import type { Body } from '../body.ts'
import { type Pool, createPool } from './pool.ts'
import { createTurns } from '../turns.ts'
import { invalid } from './refusal.ts'
import type { Format } from './value.ts'

const slot = Symbol.for('bulkhead.parsers')
const shared = globalThis as { [slot]?: Pool }

/** The process's one pool. On `globalThis`, since Next bundles a second copy of this module. */
const pool = () => (shared[slot] ??= createPool(join(projectRoot, 'server', 'http', 'parsing', 'worker.ts')))

/** Ends the threads; the next large body starts others. */
export async function stopParsing(): Promise<void> {
  const stopping = shared[slot]
  delete shared[slot]
  await stopping?.stop()
}

const RETRY_AFTER = 5

const KIB = 1024
/** Bytes from which a body takes much memory to be parsed. */
const HEAVY = { json: 2 * KIB * KIB, yaml: 256 * KIB }

/** What large bodies have become is in memory until their requests are answered: of one organization so many at once. */
const atWork = createTurns({
  places: 16,
  placesOfShare: 3,
  heavyPlaces: 4,
  heavyPlacesOfShare: 1,
  waiting: 256,
  waitingOfShare: 32,
  patience: 15_000,
})
/** Bytes up to which a body is not counted. */
const LIGHT = 256 * KIB

async function workOn(body: Body, share: string, isHeavy: boolean): Promise<void> {
  if (body.size <= LIGHT) return
  if (!(await atWork.take(share, isHeavy)))
    throw new TryLater('too_much_at_once', 'Too many large bodies are being worked on. Send one after another', RETRY_AFTER)
  body.onClose(() => atWork.release(share, isHeavy))
}

const sentences = {
  time: 'Reading the body takes longer than it may; send what it holds in several requests',
  memory: 'Reading the body takes more memory than it may; send what it holds in several requests',
}

/**
 * A large body as `orgBody` or `v1Body` would make it, parsed by another thread. It is loaded once there is one for its share. Throws 400, 429 where
 * the share has too many values in memory already, and 503.
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
  throw new TryLater('overloaded', 'Too many large bodies are waiting to be read', RETRY_AFTER)
}
