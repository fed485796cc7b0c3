import { sql } from 'kysely'
import type { Database } from '../client.ts'

const until = (seconds: number) => sql<string>`clock_timestamp() + make_interval(secs => ${seconds})`

/** Takes a lease or renews the holder's own. False while another holds it. */
export async function takeLease(db: Database, name: string, holder: string, seconds: number): Promise<boolean> {
  const lease = await db
    .insertInto('leases')
    .values({ name, holder, held_until: until(seconds) })
    .onConflict((c) =>
      c
        .column('name')
        .doUpdateSet({ holder, held_until: until(seconds) })
        .where((e) => e.or([e('leases.holder', '=', holder), e('leases.held_until', '<', sql<string>`clock_timestamp()`)])),
    )
    .returning('name')
    .executeTakeFirst()
  return lease !== undefined
}

export async function returnLease(db: Database, name: string, holder: string): Promise<void> {
  await db.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute()
}
