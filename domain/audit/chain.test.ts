import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Database, inTransaction } from '#db/client'
import { inSavepoint } from '#db/savepoint'
import { withoutLocks } from '#test/support/database/without-locks'
import { NO_HASH, hashOf } from './encoding.ts'
import { keepAuditKeys } from './keys.ts'
import { sealAudit, signHeads } from './sealing.ts'
import { type Checkpoint, type VerifiedChain, verifyAudit } from './verification.ts'
import { audit } from './audit.ts'
import { newId } from '../ids.ts'
import { cli } from '../accounts/users.ts'
import { createWorld, openWorld } from '#test/support/world/world'

const SECRET = 'the secret of this test: long enough to be one'
vi.stubEnv('BULKHEAD_SECRET', SECRET)
const world = await openWorld({ max: 12 })
const { db } = world
afterAll(world.close)
afterAll(() => vi.unstubAllEnvs())

let counter = 0
/** Writes one event in an organization, or in none. */
const write = (org: { id: string } | undefined = world.org, name = `e${++counter}`) =>
  inTransaction(db, (trx) => audit(trx, { ...cli, org }, 'organization.updated', { kind: 'organization', id: 'x', name }))

/** An organization with its own chain of `length` sealed events. */
async function chain(length: number) {
  const org = (await createWorld(db, `chain-${++counter}`)).org
  for (let i = await count(org.id); i < length; i++) await write(org)
  await sealAudit(db)
  return org
}
const count = async (orgId: string) => (await eventsOf(orgId)).length
const eventsOf = (orgId: string) =>
  db.selectFrom('audit_events').selectAll().where('org_id', '=', orgId).orderBy('seq').orderBy('id').execute()

async function verified(orgId: string | null, expected?: Checkpoint): Promise<VerifiedChain> {
  for await (const one of verifyAudit(db, { org: { id: orgId }, expect: expected })) return one
  throw new Error('there is no such chain')
}
const findings = async (orgId: string, expected?: Checkpoint) =>
  (await verified(orgId, expected)).findings.map(({ seq, what }) => `${seq}: ${what}`)

/** Does what an owner of the database can do, past the triggers; everything is rolled back afterwards. */
async function tampered<T>(tamper: (at: Database) => Promise<unknown>, look: (at: Database) => Promise<T>): Promise<T> {
  let seen: T | undefined
  await db
    .transaction()
    .execute(async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx)
      await sql`alter table audit_events drop constraint audit_events_sealed_whole`.execute(trx)
      await sql`drop index audit_events_seq`.execute(trx)
      await tamper(trx)
      seen = await look(trx)
      throw new Error('taken back')
    })
    .catch((error: Error) => {
      if (error.message !== 'taken back') throw error
    })
  return seen!
}

async function afterTampering(orgId: string, tamper: (at: Database) => Promise<unknown>, expected?: Checkpoint) {
  return tampered(tamper, async (at) => {
    for await (const { findings: all } of verifyAudit(at, { org: { id: orgId }, expect: expected }))
      return all.map(({ seq, eventId, what }) => ({ seq, eventId, what }))
    throw new Error('there is no such chain')
  })
}

describe('sealAudit', () => {
  test('numbers existing events in order of id, and continues from there', async () => {
    const org = (await createWorld(db, 'first')).org
    await write(org)
    await sealAudit(db)
    await write(org)
    expect((await verified(org.id)).unsealed).toEqual({ count: 1, since: expect.any(String) as string })
    expect(await sealAudit(db)).toBe(1)
    const events = await eventsOf(org.id)
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1))
    expect(events.map(({ id }) => id)).toEqual(events.map(({ id }) => id).toSorted())
    expect(events[0]!.previous_hash).toEqual(NO_HASH)
    expect(await verified(org.id)).toMatchObject({
      slug: 'first',
      findings: [],
      head: { seq: events.length, hash: events.at(-1)!.hash!.toString('hex') },
      unsealed: { count: 0, since: null },
    })
  })

  test('events outside any organization have their own chain', async () => {
    await write(undefined)
    await sealAudit(db)
    const { slug, head, findings: none } = await verified(null)
    expect({ slug, none }).toEqual({ slug: null, none: [] })
    const { rows } = await sql<{ n: number }>`select count(*) as n from audit_events where org_id is null`.execute(db)
    expect(head!.seq).toBe(rows[0]!.n)
  })

  test('seals more than one batch and verifies more than one page', async () => {
    const org = (await createWorld(db, 'long')).org
    await sql`insert into audit_events (id, org_id, actor_kind, actor_name, action, target_kind, target_id)
      select gen_random_uuid(), ${org.id}, 'system', 'cli', 'user.created', 'user', n::text from generate_series(1, 2345) n`.execute(
      db,
    )
    const length = await count(org.id)
    await sealAudit(db)
    const pages: number[] = []
    for await (const { findings: none, head } of verifyAudit(db, {
      org: { id: org.id },
      onPage: (_, seq, of) => pages.push(seq, of),
    })) {
      expect({ none, seq: head!.seq }).toEqual({ none: [], seq: length })
    }
    expect(pages).toEqual([1000, length, 2000, length, length, length])
  })

  /** Two organizations, in the order in which their chains are processed. */
  async function two() {
    const [one, other] = [await chain(1), await chain(1)]
    return one.id < other.id ? ([one, other] as const) : ([other, one] as const)
  }
  const sealedAt = async (org: { id: string }) =>
    (await db.selectFrom('audit_chains').select('sealed_at').where('org_id', '=', org.id).executeTakeFirstOrThrow()).sealed_at!

  test('a long chain delays neither other chains nor writers', async () => {
    const [long, short] = await two()
    await sql`insert into audit_events (id, org_id, actor_kind, actor_name, action, target_kind, target_id)
      select gen_random_uuid(), ${long.id}, 'system', 'cli', 'user.created', 'user', n::text from generate_series(1, 1600) n`.execute(
      db,
    )
    await write(short)
    let batches = 0
    const goOn = async () => {
      // By then the short chain had its turn, and the long one is not finished.
      if (++batches === 3) await write(short)
    }
    await sealAudit(db, { goOn })
    expect((await verified(short.id)).unsealed.count).toBe(0)
    expect((await sealedAt(short)) < (await sealedAt(long))).toBe(true)
    expect((await findings(long.id)).concat(await findings(short.id))).toEqual([])
  })

  test('a chain that another transaction has locked is left for later', async () => {
    const [held, other] = await two()
    await write(held)
    await write(other)
    const failed: (string | null)[] = []
    await db.transaction().execute(async (trx) => {
      await sql`select from audit_chains where org_id = ${held.id} for update`.execute(trx)
      const start = performance.now()
      await sealAudit(db, { onFailure: (org) => failed.push(org) })
      expect(performance.now() - start).toBeLessThan(5000)
    })
    expect(failed).toEqual([held.id])
    expect((await verified(other.id)).unsealed.count).toBe(0)
    await sealAudit(db, { isResting: (org) => org === held.id })
    expect((await verified(held.id)).unsealed.count).toBe(1)
    await sealAudit(db)
    expect((await verified(held.id)).unsealed.count).toBe(0)
  })

  test('a late commit is numbered later, and a rollback leaves no gap', async () => {
    const org = await chain(3)
    const { promise: go, resolve: release } = Promise.withResolvers<void>()
    const { promise: written, resolve: hasWritten } = Promise.withResolvers<void>()
    const late = inTransaction(db, async (trx) => {
      await audit(trx, { ...cli, org }, 'organization.updated', { kind: 'organization', id: 'x', name: 'late' })
      hasWritten()
      await go
    })
    await written
    await inTransaction(db, async (trx) => {
      await audit(trx, { ...cli, org }, 'organization.updated', { kind: 'organization', id: 'x', name: 'never' })
      throw new Error('rolled back')
    }).catch(() => {})
    await write(org, 'early')
    await sealAudit(db)
    release()
    await late
    await sealAudit(db)
    const events = await eventsOf(org.id)
    expect(events.slice(3).map(({ seq, target_name }) => [seq, target_name])).toEqual([
      [4, 'early'],
      [5, 'late'],
    ])
    expect(events[3]!.id > events[4]!.id).toBe(true)
    expect(await findings(org.id)).toEqual([])
  })

  /** Writers and three sealers at once, until the writers finish. */
  async function race(on: Database, org: { id: string }) {
    let writing = true
    const writers = Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let i = 0; i < 15; i++) await write(org)
      }),
    ).finally(() => (writing = false))
    const failures: unknown[] = []
    const sealers = Array.from({ length: 3 }, async () => {
      while (writing) await sealAudit(on).catch((error: unknown) => failures.push(error))
    })
    await Promise.all([writers, ...sealers])
    return failures
  }

  test('several sealers beside many writers make one chain without gaps or failures', async () => {
    const org = await chain(2)
    expect(await race(db, org)).toEqual([])
    await sealAudit(db)
    expect((await eventsOf(org.id)).map(({ seq }) => seq)).toEqual(Array.from({ length: 62 }, (_, i) => i + 1))
    expect(await findings(org.id)).toEqual([])
  })

  test('without the chain’s lock, sealers conflict', async () => {
    const org = await chain(2)
    expect(await race(withoutLocks(db), org)).not.toEqual([])
  })

  test('a chain whose end was forged is not continued, and the others are', async () => {
    const [cut, other] = [await chain(6), await chain(3)]
    const { head } = await verified(other.id)
    await write(cut)
    await write(other)
    const fifth = (await eventsOf(cut.id))[4]!
    const seen = await tampered(
      async (at) => {
        await at.deleteFrom('audit_events').where('org_id', '=', cut.id).where('seq', '>', 5).execute()
        await at.updateTable('audit_chains').set({ seq: 5, hash: fifth.hash! }).where('org_id', '=', cut.id).execute()
      },
      async (at) => {
        const failure = await sealAudit(at).catch((error: Error) => error.message)
        const rows = await at.selectFrom('audit_chains').select(['org_id', 'seq']).execute()
        return { failure, seq: (org: { id: string }) => rows.find(({ org_id }) => org_id === org.id)!.seq }
      },
    )
    expect(seen.failure).toContain(`the audit chain of ${cut.id} is not signed`)
    expect([seen.seq(cut), seen.seq(other)]).toEqual([5, head!.seq + 1])
    await sealAudit(db)
  })
})

const { rows: columns } = await sql<{ name: string; type: string; nullable: boolean }>`
  select column_name as name, udt_name as type, is_nullable = 'YES' as nullable from information_schema.columns
  where table_schema = 'public' and table_name = 'audit_events' order by ordinal_position`.execute(db)

describe('verifyAudit finds', () => {
  let org: { id: string }
  let events: Awaited<ReturnType<typeof eventsOf>>
  let checkpoint: Checkpoint
  beforeAll(async () => {
    org = (await createWorld(db, 'tampered')).org
    const project = { id: newId() }
    const origin = { requestId: 'r', address: '192.0.2.1', url: '/x', responseCode: 201 }
    for (let i = 0; i < 8; i++) {
      await inTransaction(db, (trx) =>
        audit(
          trx,
          { actor: world.root, origin, org, project },
          'project.updated',
          { kind: 'project', id: project.id, name: `n${i}` },
          { before: { name: 'a', list: [1, 1.5] }, after: { name: 'b' } },
        ),
      )
    }
    await sealAudit(db)
    events = await eventsOf(org.id)
    checkpoint = (await verified(org.id)).head!
  })
  const at = (n: number) => events.at(n < 0 ? n : n - 1)!
  const remove = (seq: number) => (on: Database) =>
    on.deleteFrom('audit_events').where('org_id', '=', org.id).where('seq', '=', seq).execute()

  test('nothing in an untouched chain, also when compared with a checkpoint', async () => {
    expect(await findings(org.id, checkpoint)).toEqual([])
    expect(await findings(org.id, { seq: 3, hash: at(3).hash!.toString('hex') })).toEqual([])
  })

  const other: Record<string, string> = {
    uuid: `'019aa000-0000-7000-8000-000000000000'::uuid`,
    text: `'something else'`,
    actor_kind: `'system'`,
    jsonb: `'{"name": "a", "list": [1, 1.50]}'`,
    timestamptz: `created_at + interval '1 microsecond'`,
    int2: '7',
    int8: '1000',
    bytea: `'\\x00'`,
  }

  test.for(columns)('a changed $name', async ({ name, type }) => {
    const change = sql`update audit_events set ${sql.ref(name)} = ${sql.raw(other[type]!)} where id = ${at(5).id}`
    expect(await afterTampering(org.id, (on) => change.execute(on))).not.toEqual([])
  })

  test.for(columns.filter(({ nullable }) => nullable))('an emptied $name', async ({ name }) => {
    const change = sql`update audit_events set ${sql.ref(name)} = null where id = ${at(5).id}`
    expect(await afterTampering(org.id, (on) => change.execute(on))).not.toEqual([])
  })

  test('a changed row by its number and id, and nothing else', async () => {
    const change = sql`update audit_events set target_name = 'innocent' where id = ${at(5).id}`
    expect(await afterTampering(org.id, (on) => change.execute(on))).toEqual([
      { seq: 5, eventId: at(5).id, what: 'was changed or moved after it was sealed' },
    ])
  })

  test('a removed row: the first, one in the middle, several, the last', async () => {
    const seen = (tamper: (on: Database) => Promise<unknown>) => afterTampering(org.id, tamper)
    expect(await seen(remove(1))).toEqual([{ seq: 1, eventId: null, what: 'this event is missing' }])
    expect(await seen(remove(4))).toEqual([{ seq: 4, eventId: null, what: 'this event is missing' }])
    expect(await seen(async (on) => [await remove(4)(on), await remove(5)(on)])).toEqual([
      { seq: 4, eventId: null, what: 'the events 4 to 5 are missing' },
    ])
    expect(await seen(remove(events.length))).toEqual([
      { seq: events.length, eventId: null, what: 'this event is missing: the end of the chain was removed' },
    ])
  })

  test('a removed row after the later rows were renumbered', async () => {
    const seen = await afterTampering(org.id, async (on) => {
      await remove(4)(on)
      await sql`update audit_events set seq = seq - 1 where org_id = ${org.id} and seq > 4`.execute(on)
    })
    expect(seen.map(({ seq }) => seq)).toEqual(expect.arrayContaining([4, 5, events.length]))
  })

  test('two rows that were swapped, with or without their seals', async () => {
    const swap = (columns: string) =>
      sql`update audit_events e set (${sql.raw(columns)}) = (select ${sql.raw(columns)} from audit_events o where o.id = case e.id when ${at(3).id} then ${at(4).id}::uuid else ${at(3).id}::uuid end)
        where e.id in (${at(3).id}, ${at(4).id})`
    for (const columns of ['seq', 'seq, previous_hash, hash, key_id, encoding']) {
      const seen = await afterTampering(org.id, (on) => swap(columns).execute(on))
      expect(seen.map(({ seq, eventId }) => [seq, eventId])).toEqual(
        expect.arrayContaining([
          [3, at(4).id],
          [4, at(3).id],
        ]),
      )
    }
  })

  test('a forged row: in the middle, with a repeated number, or after the end', async () => {
    const forge = (seq: number, id: string) => (on: Database) =>
      sql`insert into audit_events select (jsonb_populate_record(e, ${JSON.stringify({ id, seq })}::jsonb)).* from audit_events e where id = ${at(4).id}`.execute(
        on,
      )
    const id = newId()
    const between = await afterTampering(org.id, async (on) => {
      await sql`update audit_events set seq = seq + 1 where org_id = ${org.id} and seq >= 4`.execute(on)
      await forge(4, id)(on)
    })
    expect(between).toContainEqual({ seq: 4, eventId: id, what: 'was changed or moved after it was sealed' })
    expect(await afterTampering(org.id, forge(4, id))).toContainEqual({
      seq: 4,
      eventId: id,
      what: 'has the same number as the previous event; was changed or moved after it was sealed',
    })
    expect(await afterTampering(org.id, forge(events.length + 1, id))).toEqual([
      { seq: events.length + 1, eventId: id, what: 'has a number after the end of the chain' },
    ])
  })

  const cut = async (on: Database) => {
    await sql`delete from audit_events where org_id = ${org.id} and seq > 5`.execute(on)
    await sql`update audit_chains set seq = 5, hash = ${at(5).hash} where org_id = ${org.id}`.execute(on)
  }

  test('a truncated end: by the stored end, by its signature, and by a checkpoint stored elsewhere', async () => {
    const missing = {
      seq: 6,
      eventId: null,
      what: `the events 6 to ${events.length} are missing: the end of the chain was removed`,
    }
    const rows = (on: Database) => sql`delete from audit_events where org_id = ${org.id} and seq > 5`.execute(on)
    expect(await afterTampering(org.id, rows)).toEqual([missing])
    expect(await afterTampering(org.id, cut)).toEqual([
      { seq: 5, eventId: null, what: 'the end of the chain is not signed by a known key' },
    ])
    expect(await afterTampering(org.id, cut, checkpoint)).toContainEqual({
      seq: checkpoint.seq,
      eventId: null,
      what: 'the expected event is missing; the chain ends at 5',
    })
  })

  test('that every row was removed', async () => {
    const everything = async (on: Database) => {
      await sql`delete from audit_events where org_id = ${org.id}`.execute(on)
      await sql`delete from audit_chains where org_id = ${org.id}`.execute(on)
    }
    expect((await afterTampering(org.id, everything)).map(({ what }) => what)).toEqual([
      'the chain has no events, although creating the organization is one',
    ])
  })

  /** What an attacker with the whole database and none of the keys can produce: a consistent forged chain. */
  async function recompute(on: Database, keyId: string) {
    const forged = { id: keyId, key: Buffer.from('a key of their own') }
    let hash: Buffer = NO_HASH
    await sql`update audit_events set target_name = 'innocent' where id = ${at(3).id}`.execute(on)
    for (const event of events) {
      const texts =
        await sql<never>`select id, org_id::text, project_id::text, actor_kind::text, actor_id::text, actor_name, action, target_kind,
        target_id, target_name, before::text, after::text, request_id, address, url, response_code::text,
        to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at from audit_events where id = ${event.id}`.execute(
          on,
        )
      const previous = hash
      hash = hashOf(texts.rows[0]!, event.seq!, previous, forged)
      await sql`update audit_events set previous_hash = ${previous}, hash = ${hash}, key_id = ${keyId} where id = ${event.id}`.execute(
        on,
      )
    }
    await sql`update audit_chains set hash = ${hash}, key_id = ${keyId} where org_id = ${org.id}`.execute(on)
  }

  test('a chain that was recomputed without the key', async () => {
    for (const [keyId, what] of [
      [at(1).key_id!, 'was changed or moved after it was sealed'],
      ['their own', 'is sealed with the unknown key their own'],
    ] as const) {
      const seen = await afterTampering(org.id, (on) => recompute(on, keyId))
      expect(seen.slice(0, events.length)).toEqual(events.map(({ seq, id }) => ({ seq, eventId: id, what })))
      expect(seen.at(-1)!.what).toBe('the end of the chain is not signed by a known key')
    }
  })

  test('more problems than it lists, with the full count', async () => {
    const long = await chain(40)
    const all = await tampered(
      (on) => sql`update audit_events set actor_name = 'nobody' where org_id = ${long.id}`.execute(on),
      async (on) => {
        for await (const one of verifyAudit(on, { org: { id: long.id } })) return one
        throw new Error('there is no such chain')
      },
    )
    expect([all.findings.length, all.found]).toEqual([20, 40])
  })
})

describe('the database itself refuses', () => {
  const refusal = (statement: ReturnType<typeof sql>) =>
    statement.execute(db).then(
      () => 'done',
      (error: Error) => error.message,
    )
  const appendOnly = 'audit events are neither changed nor deleted'

  test('to change, delete or empty events, sealed or not, and to insert sealed ones', async () => {
    const org = await chain(3)
    await write(org)
    for (const which of [sql`seq = 2`, sql`seq is null`]) {
      const where = sql`where org_id = ${org.id} and ${which}`
      expect(await refusal(sql`update audit_events set actor_name = 'nobody' ${where}`)).toBe(appendOnly)
      expect(await refusal(sql`delete from audit_events ${where}`)).toBe(appendOnly)
    }
    const unseal = sql`update audit_events set seq = null, previous_hash = null, hash = null, key_id = null, encoding = null where seq = 2`
    expect(await refusal(unseal)).toBe(appendOnly)
    expect(await refusal(sql`truncate audit_events`)).toBe(appendOnly)
    const seal = sql`seq = 9, previous_hash = '', hash = '', key_id = '', encoding = 1`
    expect(
      await refusal(sql`update audit_events set ${seal}, actor_name = 'nobody' where org_id = ${org.id} and seq is null`),
    ).toBe(appendOnly)
    expect(
      await refusal(sql`insert into audit_events (id, actor_kind, actor_name, action, target_kind, target_id, seq, previous_hash, hash, key_id, encoding)
        values (${newId()}, 'system', 'x', 'x', 'x', 'x', 99, '', '', '', 1)`),
    ).toBe('an audit event is not written sealed')
    await sealAudit(db)
  })

  test('but allows changing what the same transaction wrote, because nobody has seen it', async () => {
    const org = await chain(3)
    await inTransaction(db, async (trx) => {
      await inSavepoint(trx, () =>
        audit(trx, { ...cli, org }, 'organization.updated', { kind: 'organization', id: 'x', name: 'draft' }),
      )
      await sql`update audit_events set created_at = '2020-01-01Z' where org_id = ${org.id} and target_name = 'draft'`.execute(
        trx,
      )
    })
    expect((await eventsOf(org.id)).find(({ target_name }) => target_name === 'draft')?.created_at).toBe(
      '2020-01-01T00:00:00.000000Z',
    )
  })
})

test('an event has the same hash whatever PostgreSQL version prints it', async () => {
  const awkward = `{"b":1.50,"a":[1e2,-0.0,12345678901234567890.10],"aa":"\\u00e9\\n\\"\\u2028","":null,"é":true}`
  const id = '019aa000-0000-7000-8000-000000000001'
  const org = await createWorld(db, 'pinned')
  await sql`insert into audit_events (id, org_id, actor_kind, actor_name, action, target_kind, target_id, before, created_at)
    values (${id}, ${org.org.id}, 'system', 'ö', 'x', 'y', 'z', ${awkward}::jsonb, '2026-01-02 03:04:05.6Z')`.execute(db)
  const { listUnsealed } = await import('#db/queries/audit/chain')
  const event = (await listUnsealed(db, org.org.id, { limit: 1 }))[0]!
  expect(event.id).toBe(id)
  expect(event.before).toBe('{"": null, "a": [100, 0.0, 12345678901234567890.10], "b": 1.50, "aa": "é\\n\\"\u2028", "é": true}')
  expect(event.created_at).toBe('2026-01-02T03:04:05.600000Z')
  const key = { id: 'k', key: Buffer.from('key') }
  expect(hashOf({ ...event, org_id: 'o' }, 7, NO_HASH, key).toString('hex')).toBe(
    'cce1d413ce35d89f85deec468abbb88d68fdf01e71b89e7d9a2ee24c0a08886a',
  )
})

describe('a new BULKHEAD_SECRET', () => {
  afterEach(() => {
    vi.stubEnv('BULKHEAD_SECRET', SECRET)
    vi.stubEnv('BULKHEAD_PREVIOUS_SECRETS', '')
  })

  test('verifies while the old secret is configured, and after a rotation without it; an end signed with the old one is refused', async () => {
    const org = await chain(4)
    const old = await db.selectFrom('audit_chains').selectAll().where('org_id', '=', org.id).executeTakeFirstOrThrow()
    vi.stubEnv('BULKHEAD_SECRET', 'the next secret which is also long enough')
    expect((await verified(org.id)).found).toBe(5)
    vi.stubEnv('BULKHEAD_PREVIOUS_SECRETS', SECRET)
    expect(await findings(org.id)).toEqual([])
    await write(org)
    await sealAudit(db)
    expect(await findings(org.id)).toEqual([])

    expect(await keepAuditKeys(db)).toEqual({ unknown: 0 })
    expect(await signHeads(db)).toEqual({ unknown: 0 })
    vi.stubEnv('BULKHEAD_PREVIOUS_SECRETS', '')
    expect(await findings(org.id)).toEqual([])
    const putBack = async (on: Database) => {
      await sql`delete from audit_events where org_id = ${org.id} and seq > 4`.execute(on)
      await sql`update audit_chains set seq = 4, hash = ${old.hash}, key_id = ${old.key_id}, signature = ${old.signature} where org_id = ${org.id}`.execute(
        on,
      )
    }
    expect(await afterTampering(org.id, putBack)).toEqual([
      { seq: 4, eventId: null, what: 'the end of the chain is signed by a retired key' },
    ])

    // A third secret: the stored key is re-encrypted under it.
    vi.stubEnv('BULKHEAD_SECRET', 'the third secret as long as it has to be')
    vi.stubEnv('BULKHEAD_PREVIOUS_SECRETS', 'the next secret which is also long enough')
    expect(await keepAuditKeys(db)).toEqual({ unknown: 0 })
    expect(await signHeads(db)).toEqual({ unknown: 0 })
    vi.stubEnv('BULKHEAD_PREVIOUS_SECRETS', '')
    expect(await findings(org.id)).toEqual([])
  })
})
