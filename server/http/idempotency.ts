import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { Database, Trx } from '#db/client'
import * as rows from '#db/queries/idempotency-keys'
import { DomainError, TryLater } from '#domain/errors'
import { derivedKey } from '#config/settings'
import type { Json } from './formats/print.ts'

export type Reply = { status: number; body: Json; headers: Record<string, string>; cookies?: string[] }

const printable = /^[\x21-\x7e]{1,255}$/

/** The request's `Idempotency-Key`; null when there is none. */
export function idempotencyKeyOf(request: Request): string | null {
  const key = request.headers.get('idempotency-key')
  if (key !== null && !printable.test(key))
    throw new DomainError('invalid_request', 'Idempotency-Key must be 1–255 printable ASCII characters')
  return key
}

/** Larger answers are not kept: the answer to an apply of the largest body is several times as long as the body. */
const MOST_ANSWER = 1024 * 1024
/** Kept for one organization; half of it for one actor, so that none takes the room of the others. */
const most = { keys: 20_000, bytes: 64 * 1024 * 1024 }

/** A dry run changes nothing and its answer is soon out of date, so its key is ignored. */
export function isDryRun(query: unknown, body: unknown): boolean {
  const flagOf = (from: unknown) => (from as { dryRun?: boolean } | undefined)?.dryRun
  return flagOf(query) ?? flagOf(body) ?? false
}

type Once = {
  /** The token, or else the person: an answer to one credential is not shown to another with fewer permissions. */
  actorId: string
  /** The organization whose share keeps the answer; without one, the actor's own. */
  orgId: string | undefined
  request: Request
  key: string
  /** The SHA-256 of the body. */
  body: Buffer | undefined
  /** Throws when the caller could no longer make the first call. */
  beforeReplay?: () => void
}

/** A kept reply. Its body is null when it was too large. */
type Kept = Omit<Reply, 'body'> & { body: string | null }

/**
 * Runs `work` once per actor, route and key within 24 hours. Key, effect and answer commit together, so neither a crash nor
 * concurrent requests run it twice.
 * A repetition waits for the first and gets its answer; if that was too large to keep, it is refused. Refusals are not kept: the
 * same request may succeed later.
 */
export async function onlyOnce(
  db: Database,
  { actorId, orgId, request, key, body, beforeReplay }: Once,
  work: (trx: Trx) => Promise<Reply>,
): Promise<Reply> {
  const { pathname, search } = new URL(request.url)
  const id = { actor_id: actorId, route: `${request.method} ${pathname}`, key }
  const hash = createHash('sha256')
    .update(search)
    .update('\0')
    .update(body ?? '')
    .digest()
  const keptFor = orgId ?? actorId
  return db.transaction().execute(async (trx) => {
    if (await rows.takeIdempotencyKey(trx, id, { keptFor, requestHash: hash })) {
      const usage = await rows.countKeptAnswers(trx, keptFor, actorId)
      assertRoomForKey(usage)
      const reply = await work(trx)
      const answer = hasRoom(usage, reply.body) ? reply.body.toString() : null
      await rows.storeIdempotentResponse(trx, id, seal({ ...reply, body: answer }))
      return reply
    }
    const first = await rows.getIdempotentResponse(trx, id)
    if (!first.request_hash.equals(hash)) {
      throw new DomainError('idempotency_key_reused', 'This Idempotency-Key was used for another request. Use a new one')
    }
    beforeReplay?.()
    const { body: answer, ...reply } = open(first.response!)
    if (answer === null) throw notKept(reply)
    return { ...reply, body: answer, headers: { ...reply.headers, 'idempotency-replayed': 'true' } }
  })
}

/** The counts include the key just taken. */
function assertRoomForKey({ keys, actor_keys, seconds_until_room }: rows.KeptAnswers): void {
  if (keys <= most.keys && actor_keys <= most.keys / 2) return
  throw new TryLater('rate_limited', 'Too many Idempotency-Keys in 24 hours. Send this request without one', seconds_until_room)
}

function hasRoom({ bytes, actor_bytes }: rows.KeptAnswers, body: Json): boolean {
  const size = Buffer.byteLength(body)
  return size <= MOST_ANSWER && bytes + size <= most.bytes && actor_bytes + size <= most.bytes / 2
}

const notKept = ({ status, headers }: Pick<Reply, 'status' | 'headers'>) =>
  new DomainError(
    'answer_not_kept',
    `This request was done before, with status ${status}. It was not repeated, and its response was too large to store. ` +
      `Read ${headers['location'] ?? 'what it changed'} instead`,
  )

/** Encrypts a reply, since it may hold a token that is shown once. */
function seal(reply: Kept): Buffer {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', derivedKey('idempotency'), iv)
  const sealed = Buffer.concat([cipher.update(JSON.stringify(reply)), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed])
}

function open(stored: Buffer): Kept {
  const decipher = createDecipheriv('aes-256-gcm', derivedKey('idempotency'), stored.subarray(0, 12))
  decipher.setAuthTag(stored.subarray(12, 28))
  return JSON.parse(Buffer.concat([decipher.update(stored.subarray(28)), decipher.final()]).toString()) as Kept
}
