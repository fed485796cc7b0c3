import { sql } from 'kysely'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  Abandoned,
  acquire,
  createDatabase,
  createStatementNames,
  inTransaction,
  sharesOf,
  statementName,
  toRfc3339,
  whileWanted,
} from './client.ts'
import { createTestDatabase } from '#test/support/database/database'

const database = await createTestDatabase()
afterAll(() => database.drop())

describe('toRfc3339', () => {
  test.for([
    ['2026-11-21 20:04:46.123456+00', '2026-11-21T20:04:46.123456Z'],
    ['2026-11-21 20:04:46.1234+00', '2026-11-21T20:04:46.123400Z'],
    ['2026-11-21 20:04:46.000001+00', '2026-11-21T20:04:46.000001Z'],
    ['2026-11-21 20:04:46+00', '2026-11-21T20:04:46.000000Z'],
    ['1969-12-31 23:59:59.5+00', '1969-12-31T23:59:59.500000Z'],
    ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000000Z'],
  ])('%s becomes %s', ([printed, read]) => {
    expect(toRfc3339(printed!)).toBe(read)
  })
})

test.for(['2026-11-21 15:04:46.123456-05', '2026-11-22 01:49:46.1234+05:45', '2026-11-21 21:04:46+01'])(
  'toRfc3339 refuses %s, whose zone would be lost',
  (printed) => {
    expect(() => toRfc3339(printed)).toThrow('the time zone of the connection is not UTC')
  },
)

test('the code’s assumptions hold whatever the database’s settings', async () => {
  const name = sql.id(new URL(database.url).pathname.slice(1))
  await sql`alter database ${name} set timezone = 'Asia/Kathmandu'`.execute(database.db)
  await sql`alter database ${name} set datestyle = 'German, DMY'`.execute(database.db)
  await sql`alter database ${name} set default_transaction_isolation = 'serializable'`.execute(database.db)
  const db = createDatabase(database.url, { max: 1 })
  const { rows } = await sql`
    select '2026-02-28T23:59:59.999999Z'::timestamptz as time, current_setting('transaction_isolation') as isolation`.execute(db)
  await db.destroy()
  expect(rows).toEqual([{ time: '2026-02-28T23:59:59.999999Z', isolation: 'read committed' }])
})

test('skips reads for a client that left while it waited, and continues writes', async () => {
  const whole = createDatabase(database.url, { max: 10 })
  onTestFinished(() => whole.destroy())
  const { promise: over, resolve: release } = Promise.withResolvers<void>()
  let isGone = false
  const asked = (['read', 'write'] as const).map((kind) => {
    const db = acquire(whole, { class: kind, owner: 'one' })
    for (let i = 0; i < 10; i++)
      void db.connection().execute(async () => {
        await over
      })
    return whileWanted(
      () => {
        if (isGone) throw new Abandoned()
      },
      async () => (await sql<{ n: number }>`select 1 as n`.execute(db)).rows,
    )
  })
  const [read, write] = asked
  const abandoned = read!.catch((error: unknown) => error)
  await expect.poll(() => sharesOf(whole)!.write.waiting).toBeGreaterThan(0)
  isGone = true
  release()
  expect(await abandoned).toBeInstanceOf(Abandoned)
  expect(await write).toEqual([{ n: 1 }])
})

describe('statementName', () => {
  test('is the same for equal texts, differs for others, and is short enough for Postgres', () => {
    const name = statementName('select 1 as one')
    expect(statementName('select 1 as one')).toBe(name)
    expect(statementName('select 1 as two')).not.toBe(name)
    expect(Buffer.byteLength(name!)).toBeLessThan(64)
  })

  test.for(['begin', 'create table t ()', 'set local x = 1', ' commit'])('%s has none', (text) => {
    expect(statementName(text)).toBeUndefined()
  })

  test.for(['  SELECT 1', 'with x as (select 1) select * from x', '\ninsert into t values (1)'])('%s has one', (text) => {
    expect(statementName(text)).toBeTypeOf('string')
  })

  test('is given to so many texts, which keep theirs, and to all that are built once', () => {
    const { lastingName, statementName: nameOf } = createStatementNames(2)
    const named = nameOf('select 1')
    expect(named).toBeDefined()
    expect(nameOf('select 2')).not.toBe(named)
    expect(nameOf('select 3')).toBeUndefined()
    expect(lastingName('select 4')).toBeDefined()
    expect(nameOf('select 4')).toBe(lastingName('select 4'))
    expect(nameOf('select 1')).toBe(named)
    expect(lastingName('create table a ()')).toBeUndefined()
  })
})

describe('a query', () => {
  test('is prepared once for each connection', async () => {
    const db = createDatabase(database.url, { max: 1 })
    const ask = (n: number) => db.selectFrom('users').select('id').where('name', '=', String(n)).execute()
    await ask(1)
    await ask(2)
    const prepared = await sql<{
      n: number
    }>`select count(*) as n from pg_prepared_statements where statement like 'select "id"%'`.execute(db)
    await db.destroy()
    expect(prepared.rows).toEqual([{ n: 1 }])
  })

  test('reads a bigint as a number', async () => {
    const { rows } = await sql`select 9007199254740991::bigint as n`.execute(database.db)
    expect(rows).toEqual([{ n: 9007199254740991 }])
  })
})

describe('inTransaction', () => {
  test('commits on success and rolls back when the work throws', async () => {
    await sql`create table notes (text text)`.execute(database.db)
    const note = (text: string, fail: boolean) =>
      inTransaction(database.db, async (trx) => {
        await sql`insert into notes values (${text})`.execute(trx)
        if (fail) throw new Error(text)
      })
    await note('kept', false)
    await expect(note('lost', true)).rejects.toThrow('lost')
    expect((await sql`select text from notes`.execute(database.db)).rows).toEqual([{ text: 'kept' }])
  })

  test('joins the caller’s transaction', async () => {
    const ids = await inTransaction(database.db, async (outer) => {
      const id = sql<{ id: string }>`select pg_current_xact_id()::text as id`
      const { rows: before } = await id.execute(outer)
      const { rows: within } = await inTransaction(outer, (trx) => id.execute(trx))
      return [before[0]!.id, within[0]!.id]
    })
    expect(ids[0]).toBe(ids[1])
  })
})
