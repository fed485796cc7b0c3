import { sql } from 'kysely'
import { afterAll, afterEach, expect, test } from 'vitest'
import { type SlowStatement, reportSlowStatements, statementName } from '#db/client'
import { createTestDatabase } from '#test/support/database/database'

const { db, ...database } = await createTestDatabase()
afterEach(() => reportSlowStatements(0, () => {}))
afterAll(() => database.drop())

const sleep = (seconds: number) => sql`select pg_sleep(${seconds})`.execute(db)

test('a slow statement is reported with its name and its text, without values', async () => {
  const slow: SlowStatement[] = []
  reportSlowStatements(100, (one) => void slow.push(one))
  await sleep(0.15)
  await sleep(0)
  expect(slow).toEqual([
    { name: statementName('select pg_sleep($1)'), text: 'select pg_sleep($1)', milliseconds: expect.any(Number) as number },
  ])
  expect(slow[0]!.milliseconds).toBeGreaterThan(100)
})

test('so is one that fails, or that waits for a lock', async () => {
  const slow: string[] = []
  reportSlowStatements(100, ({ text }) => void slow.push(text))
  await expect(sql`select 1 / (length(pg_sleep(0.15)::text) + ${0}::int)`.execute(db)).rejects.toThrow('division by zero')
  await db.transaction().execute(async (other) => {
    await sql`lock table users in access exclusive mode`.execute(other)
    const waiting = db.transaction().execute(async (trx) => {
      await sql`set local lock_timeout = 150`.execute(trx)
      await sql`select from users where id = ${null}`.execute(trx)
    })
    await expect(waiting).rejects.toThrow('lock timeout')
  })
  expect(slow).toEqual(['select 1 / (length(pg_sleep(0.15)::text) + $1::int)', 'select from users where id = $1'])
})

test('none is reported at 0', async () => {
  const slow: SlowStatement[] = []
  reportSlowStatements(0, (one) => void slow.push(one))
  await sleep(0.05)
  expect(slow).toEqual([])
})
