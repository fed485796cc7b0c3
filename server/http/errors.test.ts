import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { createTestDatabase } from '#test/support/database/database'
import { failureOf } from './errors.ts'

const { db, ...database } = await createTestDatabase()
afterAll(() => database.drop())

test('refuses a statement that takes too long with advice, not as an unknown error', async () => {
  const slow = db.transaction().execute(async (trx) => {
    await sql`set local statement_timeout = 20`.execute(trx)
    await sql`select pg_sleep(60)`.execute(trx)
  })
  const error: unknown = await slow.catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: '57014' })
  expect(failureOf(error)).toMatchObject({ status: 503, code: 'timed_out', headers: { 'retry-after': '5' } })
})

test.for([
  ['query_wait_timeout', '08P01'],
  ['server conn crashed?', '08P01'],
  ['the pooler of DATABASE_URL has lost a setting: statement_timeout is 0, not 30s', undefined],
])('refuses what a pooler cannot serve as unavailable: %s', ([message, code]) => {
  expect(failureOf(Object.assign(new Error(message), { code }))).toMatchObject({ status: 503, code: 'unavailable' })
})
