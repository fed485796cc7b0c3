import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { Database, Trx } from '#db/client'
import * as rows from '#db/queries/idempotency-keys'
import { DomainError } from '#domain/errors'
import { derivedKey } from '#domain/settings'

export type Reply = { status: number; body: string; headers: Record<string, string>; cookies?: string[] }

const printable = /^[\x21-\x7e]{1,255}$/

/** The request's `Idempotency-Key`; null when there is none. */
export function idempotencyKeyOf(request: Request): string | null {
  const key = request.headers.get('idempotency-key')
  if (key !== null && !printable.test(key))
    throw new DomainError('invalid_request', 'Idempotency-Key must be 1–255 printable ASCII characters')
  return key
}

/** `body`: its SHA-256. */
type Once = { actorId: string; request: Request; key: string; body: Buffer | undefined }

/**
 * Runs `work` once per actor, route and key within 24 hours. The key, the effect and the answer commit together, so that neither a
 * crash nor a hundred requests at once can do it twice; a repetition waits for the first and gets its answer again. A refusal is not
 * kept: the same request may be right later.
 */
export async function onlyOnce(
  db: Database,
  { actorId, request, key, body }: Once,
  work: (trx: Trx) => Promise<Reply>,
): Promise<Reply> {
  const { pathname, search } = new URL(request.url)
  const id = { actor_id: actorId, route: `${request.method} ${pathname}`, key }
  const hash = createHash('sha256')
    .update(search)
    .update('\0')
    .update(body ?? '')
    .digest()
  return db.transaction().execute(async (trx) => {
    if (await rows.takeIdempotencyKey(trx, id, hash)) {
      const reply = await work(trx)
      await rows.storeIdempotentResponse(trx, id, seal(reply))
      return reply
    }
    const first = await rows.getIdempotentResponse(trx, id)
    if (!first.request_hash.equals(hash)) {
      throw new DomainError('idempotency_key_reused', 'This Idempotency-Key was used for another request; take a new one')
    }
    const reply = open(first.response!)
    return { ...reply, headers: { ...reply.headers, 'idempotency-replayed': 'true' } }
  })
}

/** An answer may hold a token that is shown once, so it is kept encrypted. */
function seal(reply: Reply): Buffer {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', derivedKey('idempotency'), iv)
  const sealed = Buffer.concat([cipher.update(JSON.stringify(reply)), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed])
}

function open(stored: Buffer): Reply {
  const decipher = createDecipheriv('aes-256-gcm', derivedKey('idempotency'), stored.subarray(0, 12))
  decipher.setAuthTag(stored.subarray(12, 28))
  return JSON.parse(Buffer.concat([decipher.update(stored.subarray(28)), decipher.final()]).toString()) as Reply
}
