import { join } from 'node:path'
import { DomainError, TryLater } from '#domain/errors'
import { projectRoot } from '#server/project-root'
import type { Body } from '../body.ts'
import { type Pool, createPool } from './pool.ts'
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
  const load = async () => {
    body.reserveValue(share)
    return { operation, format, bytes: await body.load() }
  }
  const parsed = await pool().parse(share, load, body.size > HEAVY[format])
  if ('value' in parsed) return parsed.value
  if ('refusal' in parsed) {
    const { code, sentence, details, problems } = parsed.refusal
    throw new DomainError(code, sentence, details, problems)
  }
  if ('lost' in parsed && parsed.lost !== 'stopped') throw invalid(sentences[parsed.lost])
  throw new TryLater('overloaded', 'Too many large bodies are waiting to be read', RETRY_AFTER)
}
