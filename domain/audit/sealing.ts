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

/** Events a transaction. */
const BATCH = 500

type LockedHead = Awaited<ReturnType<typeof lockChain>>

export const isSigned = (org: ChainOf, head: LockedHead, keys: KnownKeys): boolean => {
  if (head.seq === 0) return true
  const key = keys.get(head.key_id ?? '')
  return key !== undefined && head.signature !== null && signatureOf(org, head, key).equals(head.signature)
}

/** A chain goes on only from an end that is its own: else a cut would be sealed over, and never be seen again. */
async function lockOwnChain(trx: Trx, org: ChainOf): Promise<LockedHead> {
  const head = await lockChain(trx, org)
  if (isSigned(org, head, await knownAuditKeys(trx))) return head
  throw new Error(`The end of the audit chain of ${org ?? 'no organisation'} is not signed by a known key: run audit verify`)
}

/** Answers how many it has sealed, and where to go on: what came before that may be looked for the next time. */
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
  /** Asked before each batch; ends the sealing by throwing. */
  goOn?: () => Promise<void>
  /** Chains to leave alone this time. */
  isResting?: (org: ChainOf) => boolean
  /** Called with a chain that cannot go on. Without it, the failures are thrown in the end. */
  onFailure?: (org: ChainOf, error: unknown) => void
}

/**
 * Gives every event that is committed and not yet sealed its place in the chain of its organisation. Writers wait for none of this; one sealer
 * a chain waits for the other. The order of the chain is that of sealing: an event that commits late stands after one that was written later.
 * A batch of each chain in turn, and new chains join in, so that neither a long chain nor one that cannot go on holds up another.
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
      : new AggregateError([...failures.values()], 'Some audit chains cannot go on')
  return sealed
}

/** Signs the end of every chain under the present secret. Answers how many chains' ends no known key has signed: those stay as they are. */
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
