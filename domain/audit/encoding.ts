import { createHmac } from 'node:crypto'
import type { ChainOf, EventTexts } from '#db/queries/audit/chain'

/** Stored with every event, so that a later encoding can coexist with this one. */
export const ENCODING = 1

/** Stands for the hash before the first event of a chain. */
export const NO_HASH = Buffer.alloc(32)

export type AuditKey = { id: string; key: Buffer }

/** Every column of an event except its seal; a test compares the list with the database. */
const columns = [
  'id',
  'org_id',
  'project_id',
  'actor_kind',
  'actor_id',
  'actor_name',
  'action',
  'target_kind',
  'target_id',
  'target_name',
  'before',
  'after',
  'request_id',
  'address',
  'created_at',
  'url',
  'response_code',
] as const satisfies (keyof EventTexts)[]

/** A JSON list of strings and nulls: distinct lists never print alike, and every language prints them the same. */
const signed = ({ key }: AuditKey, parts: (string | null)[]): Buffer =>
  createHmac('sha256', key).update(JSON.stringify(parts)).digest()

/** HMAC-SHA-256 over the event, its number and the hash of the event before it. */
export function hashOf(event: EventTexts, seq: number, previousHash: Buffer, key: AuditKey): Buffer {
  const place = ['bulkhead.audit-event', String(ENCODING), key.id, String(seq), previousHash.toString('hex')]
  return signed(key, [...place, ...columns.map((column) => event[column])])
}

/** Without the key nobody can claim that a chain ends earlier than it does. */
export const signatureOf = (org: ChainOf, { seq, hash }: { seq: number; hash: Buffer }, key: AuditKey): Buffer =>
  signed(key, ['bulkhead.audit-head', String(ENCODING), key.id, org, String(seq), hash.toString('hex')])
