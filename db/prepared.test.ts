import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { preparedFirst, preparedList } from './prepared.ts'
import { createTestDatabase } from '#test/support/database/database'

const { db, drop } = await createTestDatabase()
afterAll(drop)

await sql`insert into users (id, email, name) select gen_random_uuid(), 'user-' || n || '@example.com', 'User ' || n from generate_series(1, 9) n`.execute(
  db,
)

const byEmails = preparedList((on, first: string, second: string, rows: number) =>
  on
    .selectFrom('users')
    .select('name')
    .where((eb) => eb.or([eb('email', '=', first), eb('email', '=', second), eb('name', '=', first)]))
    .where('avatar_url', 'is', null)
    .where('name', '<>', 'User 9')
    .orderBy('name')
    .limit(rows),
)

const names = async (...args: [string, string, number]) => (await byEmails(db, ...args)).map(({ name }) => name)

describe('a prepared query', () => {
  test('uses each call’s values in the places of its arguments, and keeps constants', async () => {
    expect(await names('user-1@example.com', 'user-2@example.com', 5)).toEqual(['User 1', 'User 2'])
    expect(await names('user-4@example.com', 'user-3@example.com', 5)).toEqual(['User 3', 'User 4'])
    expect(await names('User 5', 'user-9@example.com', 5)).toEqual(['User 5'])
    expect(await names('user-4@example.com', 'user-3@example.com', 1)).toEqual(['User 3'])
  })

  test('keeps concurrent calls apart', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, (_, i) => names(`user-${i + 1}@example.com`, '', 5)))
    expect(all).toEqual(Array.from({ length: 8 }, (_, i) => [`User ${i + 1}`]))
  })

  test('runs in a transaction', async () => {
    await db.transaction().execute(async (trx) => {
      await trx.updateTable('users').set({ name: 'Renamed' }).where('name', '=', 'User 1').execute()
      expect(await byEmails(trx, 'user-1@example.com', '', 5)).toEqual([{ name: 'Renamed' }])
      expect(await names('user-1@example.com', '', 5)).toEqual(['User 1'])
    })
  })

  test('accepts null as a value, and may find nothing', async () => {
    const user = preparedFirst((on, url: string | null, name: string) =>
      on
        .selectFrom('users')
        .select(sql<boolean>`${url}::text is null`.as('none'))
        .where('name', '=', name),
    )
    expect(await user(db, null, 'User 2')).toEqual({ none: true })
    expect(await user(db, 'x', 'User 2')).toEqual({ none: false })
    expect(await user(db, null, 'Nobody')).toBeUndefined()
  })
})
