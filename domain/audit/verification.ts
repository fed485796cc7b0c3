import type { Database } from '#db/client'
import { type ChainOf, type SealedTexts, countUnsealed, findHead, listChains, listSealed } from '#db/queries/audit/chain'
import { ENCODING, NO_HASH, hashOf } from './encoding.ts'
import { type KnownKeys, knownAuditKeys } from './keys.ts'
import { isSigned } from './sealing.ts'

/** Events in one statement, so that memory does not depend on the length of the log. */
const PAGE = 1000
/** How many findings of one chain are listed. */
const MOST = 20

/** A chain's end at some time. Stored elsewhere, it later proves that nothing before it was removed. */
export type Checkpoint = { seq: number; hash: string }
export type Finding = { seq: number | null; eventId: string | null; what: string }
export type VerifiedChain = {
  /** Null for the chain of events outside any organization. */
  slug: string | null
  head: Checkpoint | null
  sealedAt: string | null
  unsealed: { count: number; since: string | null }
  findings: Finding[]
  /** All findings, including those not listed. */
  found: number
}

type VerifyOptions = {
  /** Verifies only this chain. */
  org?: { id: ChainOf } | undefined
  expect?: Checkpoint | undefined
  onPage?: (slug: string | null, seq: number, of: number) => void
}

/** Recomputes every chain from its first event, compares its end and reports every mismatch. Changes nothing. */
export async function* verifyAudit(
  db: Database,
  { org: only, expect, onPage }: VerifyOptions = {},
): AsyncGenerator<VerifiedChain> {
  const keys = await knownAuditKeys(db)
  for (const { org, slug } of await listChains(db)) {
    if (only && only.id !== org) continue
    // Counted before reading the end: an event sealed in between is then in both, never in neither.
    const unsealed = await countUnsealed(db, org)
    const head = await findHead(db, org)
    const findings: Finding[] = []
    let found = 0
    const report = (what: string, seq: number | null = null, eventId: string | null = null) => {
      if (++found <= MOST) findings.push({ seq, eventId, what })
    }
    const chain = { org, keys, report, head: { seq: head.seq ?? 0, hash: head.hash ?? NO_HASH }, expect }
    await walk(db, chain, (seq) => onPage?.(slug, seq, chain.head.seq))
    for (const { id, seq } of head.beyond ?? []) report('has a number after the end of the chain', seq, id)
    judgeHead(org, { ...head, ...chain.head }, keys, report)
    if (org !== null && chain.head.seq === 0 && unsealed.count === 0 && !head.beyond)
      report('the chain has no events, although creating the organization is one')
    const end = chain.head.seq === 0 ? null : { seq: chain.head.seq, hash: chain.head.hash.toString('hex') }
    yield { slug, head: end, sealedAt: head.sealed_at, unsealed, findings, found }
  }
}

type Report = (what: string, seq?: number, eventId?: string) => void
type Chain = {
  org: ChainOf
  keys: KnownKeys
  report: Report
  head: { seq: number; hash: Buffer }
  expect: Checkpoint | undefined
}

async function walk(db: Database, { org, keys, report, head, expect }: Chain, onPage: (seq: number) => void): Promise<void> {
  let last: { seq: number; hash: Buffer } = { seq: 0, hash: NO_HASH }
  let after: { seq: number; id: string } | undefined
  let met = expect === undefined
  while (last.seq < head.seq) {
    const page = await listSealed(db, org, after, PAGE)
    for (const event of page) {
      // Sealed meanwhile, or forged, which the check of the end reports.
      if (event.seq > head.seq) break
      const missing = missingBetween(last.seq, event.seq)
      if (missing) report(missing, last.seq + 1)
      const flaws = flawsOf(event, last, keys)
      if (event.seq === head.seq && !event.hash?.equals(head.hash)) flaws.push('differs from the signed end of the chain')
      if (event.seq === expect?.seq) {
        met = true
        if (event.hash?.toString('hex') !== expect.hash) flaws.push('differs from the expected hash')
      }
      if (flaws.length > 0) report(flaws.join('; '), event.seq, event.id)
      last = { seq: event.seq, hash: event.hash ?? NO_HASH }
    }
    after = page.at(-1)
    if (page.length > 0) onPage(last.seq)
    if (page.length < PAGE) break
  }
  const cut = missingBetween(last.seq, head.seq + 1)
  if (cut) report(`${cut}: the end of the chain was removed`, last.seq + 1)
  if (!met) report(`the expected event is missing; the chain ends at ${head.seq}`, expect!.seq)
}

function missingBetween(seq: number, next: number): string | undefined {
  const [from, to] = [seq + 1, next - 1]
  if (from > to) return undefined
  return from === to ? 'this event is missing' : `the events ${from} to ${to} are missing`
}

function flawsOf(event: SealedTexts, last: { seq: number; hash: Buffer }, keys: KnownKeys): string[] {
  const { seq, previous_hash: previous, hash, key_id, encoding } = event
  if (!previous || !hash || !key_id || !encoding) return ['lacks a part of its seal']
  const flaws: string[] = []
  if (seq === last.seq) flaws.push('has the same number as the previous event')
  // After a gap there is nothing to compare with.
  if (seq === last.seq + 1 && !previous.equals(last.hash)) flaws.push('does not follow the previous event')
  const key = keys.get(key_id)
  if (encoding !== ENCODING) flaws.push(`is sealed in the format ${encoding}, which this version of Bulkhead does not know`)
  else if (!key) flaws.push(`is sealed with the unknown key ${key_id}`)
  else if (!hashOf(event, seq, previous, key).equals(hash)) flaws.push('was changed or moved after it was sealed')
  return flaws
}

type FoundHead = { seq: number; hash: Buffer; key_id: string | null; signature: Buffer | null }

function judgeHead(org: ChainOf, head: FoundHead, keys: KnownKeys, report: Report): void {
  if (!isSigned(org, head, keys)) report('the end of the chain is not signed by a known key', head.seq)
  // `rotate-secrets` signs every end again, so a signature by a stored key is an old end that was put back.
  else if (head.seq > 0 && !keys.get(head.key_id!)!.named) report('the end of the chain is signed by a retired key', head.seq)
}
