import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { acquire, createDatabase, whileWanted } from './client.ts'
import { preparedFirst, preparedList } from './prepared.ts'
import { createTestDatabase } from '#test/support/database/database'

const base = await createTestDatabase()
const whole = createDatabase(base.url, { max: 12 })
afterAll(async () => {
  await whole.destroy()
  await base.drop()
})

const isInPipe = sql<boolean>`current_setting('application_name') = 'bulkhead pipe'`
const sum = preparedFirst((db, a: number, b: number) =>
  db.selectNoFrom([sql<number>`${a}::int + ${b}::int`.as('sum'), isInPipe.as('piped')]),
)
const quotient = preparedFirst((db, a: number, b: number) => db.selectNoFrom([sql<number>`${a}::int / ${b}::int`.as('quotient')]))
const wait = preparedFirst((db, seconds: number) =>
  db.selectNoFrom([sql`pg_sleep(${seconds})`.as('slept'), isInPipe.as('piped')]),
)
const long = preparedList((db, n: number) => db.selectNoFrom([sql<number>`${n}::int`.as('n'), isInPipe.as('piped')]))

const reads = (owner: string) => acquire(whole, { class: 'read', owner })
const [one, two] = [reads('one'), reads('two')]
const isOpen = async (db = one) => (await sum(db, 1, 1))?.piped === true

/** Resolves once both owners' lookups go through the open pipe. */
beforeEach(() => vi.waitUntil(() => isOpen()))

describe('a pipe', () => {
  test('answers each of many lookups at once with its own rows', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => sum(i % 2 ? one : two, i, 100)))
    expect(answers).toEqual(Array.from({ length: 30 }, (_, i) => ({ sum: i + 100, piped: true })))
  })

  test('leaves long lists, transactions, writes and jobs to the pool', async () => {
    expect(await long(one, 1)).toEqual([{ n: 1, piped: false }])
    expect(await one.transaction().execute((trx) => sum(trx, 1, 1))).toMatchObject({ piped: false })
    expect(await sum(acquire(whole, { class: 'write', owner: 'one' }), 1, 1)).toMatchObject({ piped: false })
    expect(await sum(acquire(whole, { class: 'job' }), 1, 1)).toMatchObject({ piped: false })
    expect(await sum(whole, 1, 1)).toMatchObject({ piped: false })
  })

  test('holds at most 32 statements of an owner; more go to the pool, and others are not affected', async () => {
    const own = Array.from({ length: 40 }, () => sum(one, 1, 1))
    const other = sum(two, 1, 1)
    const answers = await Promise.all(own)
    expect(answers.filter((answer) => answer?.piped)).toHaveLength(32)
    expect(await other).toMatchObject({ piped: true })
  })

  test('fails only the statement at fault', async () => {
    const [before, fault, after] = await Promise.allSettled([sum(one, 1, 2), quotient(one, 1, 0), sum(one, 3, 4)])
    expect(before).toMatchObject({ value: { sum: 3, piped: true } })
    expect(fault).toMatchObject({ reason: { message: 'division by zero' } })
    expect(after).toMatchObject({ value: { sum: 7, piped: true } })
  })

  test('gives up a statement that takes longer than a second, which the pool then serves', async () => {
    const [slow, behind] = await Promise.all([wait(one, 1.2), sum(one, 3, 4)])
    expect(slow).toMatchObject({ piped: false })
    expect(behind).toEqual({ sum: 7, piped: true })
  })

  test('repeats on the pool what was on a lost connection, and is opened again', async () => {
    const answers = Array.from({ length: 10 }, (_, i) => (i === 0 ? wait(one, 0.9).then(() => ({ sum: 100 })) : sum(one, i, 100)))
    const ended = sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'bulkhead pipe' and datname = current_database()`
    await expect
      .poll(
        async () =>
          (
            await sql`select 1 from pg_stat_activity where query like '%pg_sleep%' and state = 'active' and pid <> pg_backend_pid()`.execute(
              whole,
            )
          ).rows.length,
      )
      .toBeGreaterThan(0)
    await ended.execute(whole)
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 10 }, (_, i) => expect.objectContaining({ sum: i + 100 })))
    await expect.poll(() => isOpen(), { timeout: 5000 }).toBe(true)
  })

  test('leaves the owner of a long answer to the pool for a while, and nobody else', async () => {
    const texts = preparedList(
      (db, n: number) => db.selectNoFrom([sql<string>`repeat('x', ${n}::int)`.as('text'), isInPipe.as('piped')]),
      { isShort: true },
    )
    const long = reads('long')
    expect(await texts(long, 70_000)).toMatchObject([{ piped: true }])
    expect(await texts(long, 1)).toMatchObject([{ piped: false }])
    expect(await sum(long, 1, 1)).toMatchObject({ piped: false })
    expect(await texts(one, 1)).toMatchObject([{ piped: true }])
  })

  test('sends nothing for somebody who has left', async () => {
    const gone = () => {
      throw new Error('gone')
    }
    await expect(whileWanted(gone, () => sum(one, 1, 1))).rejects.toThrow('gone')
  })

  test('ends with its database', async () => {
    const own = createDatabase(base.url, { max: 10 })
    const view = acquire(own, { class: 'auth', owner: 'network' })
    await expect.poll(() => isOpen(view)).toBe(true)
    const open = () =>
      sql<{
        n: number
      }>`select count(*)::int as n from pg_stat_activity where application_name = 'bulkhead pipe' and datname = current_database()`
        .execute(whole)
        .then(({ rows }) => rows[0]!.n)
    const before = await open()
    await own.destroy()
    await expect.poll(open).toBe(before - 1)
  })
})
