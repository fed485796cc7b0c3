import { type ExpressionBuilder, sql } from 'kysely'
import type { Database, Trx } from '../../client.ts'
import type { DB } from '../../schema.ts'

/** The organization of a chain, or null for the chain of events outside any organization. */
export type ChainOf = string | null

/**
 * Every column of an event except the seal, as text that depends only on its value, whatever the settings of server and
 * connection. A jsonb value prints as it was sealed: its keys have a fixed order and its numbers keep their digits.
 */
const texts = [
  'id',
  sql<string | null>`org_id::text`.as('org_id'),
  sql<string | null>`project_id::text`.as('project_id'),
  sql<string>`actor_kind::text`.as('actor_kind'),
  sql<string | null>`actor_id::text`.as('actor_id'),
  'actor_name',
  'action',
  'target_kind',
  'target_id',
  'target_name',
  sql<string | null>`before::text`.as('before'),
  sql<string | null>`after::text`.as('after'),
  'request_id',
  'address',
  // With all six digits: a Date would drop three.
  sql<string>`to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('created_at'),
  'url',
  sql<string | null>`response_code::text`.as('response_code'),
] as const

const seal = ['seq', 'previous_hash', 'hash', 'key_id', 'encoding'] as const

/** `is not distinct from` would not use the index. */
const ofChain = (org: ChainOf) => (eb: ExpressionBuilder<DB, 'audit_events'>) =>
  org === null ? eb('org_id', 'is', null) : eb('org_id', '=', org)

/** The first unsealed event, from a small index of their own, so that no plan scans the log itself. */
const firstUnsealed = (db: Database | Trx) =>
  db.selectFrom('audit_events').select('org_id').where('seq', 'is', null).orderBy('org_id').orderBy('id').limit(1)

export async function hasUnsealed(db: Database | Trx): Promise<boolean> {
  return (await firstUnsealed(db).executeTakeFirst()) !== undefined
}

/** The chains with events to seal, one index lookup for each; the chain outside any organization comes last. */
export async function listUnsealedChains(db: Database | Trx): Promise<ChainOf[]> {
  const chains: ChainOf[] = []
  let found = await firstUnsealed(db).where('org_id', 'is not', null).executeTakeFirst()
  while (found) {
    chains.push(found.org_id)
    found = await firstUnsealed(db).where('org_id', '>', found.org_id).executeTakeFirst()
  }
  const outside = await firstUnsealed(db).where('org_id', 'is', null).executeTakeFirst()
  return outside ? [...chains, null] : chains
}

/** Oldest first. */
export function listUnsealed(db: Database | Trx, org: ChainOf, { after, limit }: { after?: string | undefined; limit: number }) {
  return db
    .selectFrom('audit_events')
    .select(texts)
    .where(ofChain(org))
    .where('seq', 'is', null)
    .$if(after !== undefined, (q) => q.where('id', '>', after!))
    .orderBy('id')
    .limit(limit)
    .execute()
}
export type EventTexts = Awaited<ReturnType<typeof listUnsealed>>[number]

/**
 * The holder is the only one to seal this chain; creates the chain if it is new. The lock timeout is short, because other chains
 * wait meanwhile.
 */
export async function lockChain(trx: Trx, org: ChainOf) {
  await sql`set local lock_timeout = '2s'`.execute(trx)
  const none = Buffer.alloc(32)
  await trx
    .insertInto('audit_chains')
    .values({ org_id: org, seq: 0, hash: none })
    .onConflict((c) => c.doNothing())
    .execute()
  return trx
    .selectFrom('audit_chains')
    .select(['seq', 'hash', 'key_id', 'signature'])
    .where((eb) => (org === null ? eb('org_id', 'is', null) : eb('org_id', '=', org)))
    .forUpdate()
    .executeTakeFirstOrThrow()
}

export type Seal = { id: string; seq: number; previousHash: Buffer; hash: Buffer }

export async function sealEvents(trx: Trx, org: ChainOf, seals: Seal[], keyId: string, encoding: number): Promise<void> {
  await sql`update audit_events e set seq = s.seq, previous_hash = s.previous_hash, hash = s.hash, key_id = ${keyId}, encoding = ${encoding}
    from unnest(${seals.map(({ id }) => id)}::uuid[], ${seals.map(({ seq }) => seq)}::bigint[],
      ${seals.map(({ previousHash }) => previousHash)}::bytea[], ${seals.map(({ hash }) => hash)}::bytea[]) s (id, seq, previous_hash, hash)
    where e.id = s.id and ${sameChain('e.org_id', org)}`.execute(trx)
}

export type Head = { seq: number; hash: Buffer; keyId: string; signature: Buffer }

export async function moveHead(trx: Trx, org: ChainOf, { seq, hash, keyId, signature }: Head): Promise<void> {
  await trx
    .updateTable('audit_chains')
    .set({ seq, hash, key_id: keyId, signature, sealed_at: sql<string>`clock_timestamp()` })
    .where((eb) => (org === null ? eb('org_id', 'is', null) : eb('org_id', '=', org)))
    .execute()
}

/** In the order of the chain. If the unique index was dropped, a number may occur twice, so the id breaks ties. */
export function listSealed(db: Database, org: ChainOf, after: { seq: number; id: string } | undefined, limit: number) {
  return db
    .selectFrom('audit_events')
    .select(texts)
    .select(seal)
    .where(ofChain(org))
    .where('seq', 'is not', null)
    .$if(after !== undefined, (q) => q.where(sql<boolean>`(seq, id) > (${after!.seq}::bigint, ${after!.id}::uuid)`))
    .orderBy('seq')
    .orderBy('id')
    .limit(limit)
    .$narrowType<{ seq: number }>()
    .execute()
}
export type SealedTexts = Awaited<ReturnType<typeof listSealed>>[number]

/** The end of a chain and the events numbered after it, in one snapshot. */
export async function findHead(db: Database | Trx, org: ChainOf) {
  const { rows } = await sql<{
    seq: number | null
    hash: Buffer | null
    key_id: string | null
    signature: Buffer | null
    sealed_at: string | null
    beyond: { id: string; seq: number }[] | null
  }>`select c.seq, c.hash, c.key_id, c.signature, c.sealed_at, b.beyond
    from (select) one left join audit_chains c on ${sameChain('c.org_id', org)}
    left join lateral (
      select json_agg(json_build_object('id', f.id, 'seq', f.seq)) as beyond from (
        select id, seq from audit_events where ${sameChain('org_id', org)} and seq > coalesce(c.seq, 0) order by seq, id limit 20) f
    ) b on true`.execute(db)
  return rows[0]!
}

const sameChain = (column: string, org: ChainOf) =>
  org === null ? sql`${sql.ref(column)} is null` : sql`${sql.ref(column)} = ${org}`

export async function countUnsealed(db: Database, org: ChainOf): Promise<{ count: number; since: string | null }> {
  return db
    .selectFrom('audit_events')
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.min('created_at').as('since')])
    .where(ofChain(org))
    .where('seq', 'is', null)
    .executeTakeFirstOrThrow()
}

export async function countUnsealedOfProject(db: Database | Trx, orgId: string, projectId: string): Promise<number> {
  const row = await db
    .selectFrom('audit_events')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('org_id', '=', orgId)
    .where('project_id', '=', projectId)
    .where('seq', 'is', null)
    .executeTakeFirstOrThrow()
  return row.count
}

/** Every chain that exists or must exist: creating an organization is an event itself. */
export async function listChains(db: Database): Promise<{ org: ChainOf; slug: string | null }[]> {
  const organizations = await db.selectFrom('organizations').select(['id', 'slug']).orderBy('slug').execute()
  return [{ org: null, slug: null }, ...organizations.map(({ id, slug }) => ({ org: id, slug }))]
}

export function listAuditKeys(db: Database) {
  return db.selectFrom('audit_keys').selectAll().orderBy('key_id').execute()
}

export async function keepAuditKey(db: Database, key: { key_id: string; sealed: Buffer; sealed_by: string }): Promise<void> {
  await db
    .insertInto('audit_keys')
    .values(key)
    .onConflict((c) => c.column('key_id').doUpdateSet({ sealed: key.sealed, sealed_by: key.sealed_by }))
    .execute()
}
