import { type Database, type Trx, inTransaction } from '#db/client'
import {
  type ChainOf,
  type Seal,
  listChains,
  listUnsealed,
  listUnsealedChains,
  lockChain,
  moveHead,
  sealEvents,
} from '#db/queries/audit/chain'
import { type AuditKey, ENCODING, hashOf, signatureOf } from './encoding.ts'
import { type KnownKeys, currentAuditKey, knownAuditKeys } from './keys.ts'

/** Events in one transaction. */
const BATCH = 500

type LockedHead = Awaited<ReturnType<typeof lockChain>>

export const isSigned = (org: ChainOf, head: LockedHead, keys: KnownKeys): boolean => {
  if (head.seq === 0) return true
  const key = keys.get(head.key_id ?? '')
  return key !== undefined && head.signature !== null && signatureOf(org, head, key).equals(head.signature)
}

/** Continues a chain only from an end that it really has: otherwise sealing would hide a truncation forever. */
async function lockOwnChain(trx: Trx, org: ChainOf): Promise<LockedHead> {
  const head = await lockChain(trx, org)
  if (isSigned(org, head, await knownAuditKeys(trx))) return head
  throw new Error(`The end of the audit chain of ${org ?? 'no organization'} is not signed by a known key. Run audit verify`)
}

/** Returns how many events it sealed, and where to continue; events with lower ids are found the next time. */
async function sealBatch(
  trx: Trx,
  org: ChainOf,
  key: AuditKey,
  after: string | undefined,
): Promise<{ sealed: number; after: string | undefined }> {
  const head = await lockOwnChain(trx, org)
  const events = await listUnsealed(trx, org, { after, limit: BATCH })
  let { seq, hash } = head
  const seals = events.map((event): Seal => {
    const previousHash = hash
    hash = hashOf(event, ++seq, previousHash, key)
    return { id: event.id, seq, previousHash, hash }
  })
  if (seals.length === 0) return { sealed: 0, after: undefined }
  await sealEvents(trx, org, seals, key.id, ENCODING)
  await moveHead(trx, org, { seq, hash, keyId: key.id, signature: signatureOf(org, { seq, hash }, key) })
  return { sealed: seals.length, after: seals.length === BATCH ? seals.at(-1)!.id : undefined }
}

export type SealingOptions = {
  /** Called before each batch; throwing ends the sealing. */
  goOn?: () => Promise<void>
  /** Whether to skip a chain this time. */
  isResting?: (org: ChainOf) => boolean
  /** Called with a chain that cannot continue. Without it, the failures are thrown at the end. */
  onFailure?: (org: ChainOf, error: unknown) => void
}

/**
 * Gives every committed, unsealed event its place in the chain of its organization. Writers never wait for this; sealers of one
 * chain wait for each other. The chain's order is that of sealing, so an event that commits late stands after events that were
 * written later.
 * Seals one batch of each chain in turn, new chains included, so that neither a long chain nor a broken one delays another.
 */
export async function sealAudit(
  db: Database,
  { goOn, isResting = () => false, onFailure }: SealingOptions = {},
): Promise<number> {
  const key = currentAuditKey()
  const failures = new Map<ChainOf, unknown>()
  const cursors = new Map<ChainOf, string | undefined>()
  let sealed = 0
  let isMore = true
  while (isMore) {
    isMore = false
    for (const org of await listUnsealedChains(db)) {
      if (failures.has(org) || isResting(org)) continue
      await goOn?.()
      try {
        const batch = await inTransaction(db, (trx) => sealBatch(trx, org, key, cursors.get(org)))
        sealed += batch.sealed
        cursors.set(org, batch.after)
        if (batch.after !== undefined) isMore = true
      } catch (error) {
        failures.set(org, error)
        onFailure?.(org, error)
      }
    }
  }
  if (failures.size > 0 && !onFailure)
    throw failures.size === 1
      ? [...failures.values()][0]
      : new AggregateError([...failures.values()], 'Some audit chains could not be continued')
  return sealed
}

/** Signs the end of every chain under the present secret. Returns how many ends no known key has signed; those stay unchanged. */
export async function signHeads(db: Database): Promise<{ unknown: number }> {
  const key = currentAuditKey()
  let unknown = 0
  for (const { org } of await listChains(db)) {
    await inTransaction(db, async (trx) => {
      const { seq, hash, ...head } = await lockChain(trx, org)
      if (!isSigned(org, { seq, hash, ...head }, await knownAuditKeys(trx))) unknown++
      else if (seq > 0 && head.key_id !== key.id)
        await moveHead(trx, org, { seq, hash, keyId: key.id, signature: signatureOf(org, { seq, hash }, key) })
    })
  }
  return { unknown }
}
