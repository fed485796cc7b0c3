import { sql } from 'kysely'
import type { Database } from '../client.ts'

/**
 * The tables that a backup leaves out, and why. It carries every other table of the database; `tables.test.ts` fails for a new
 * table that is neither here nor in its list of those that are carried.
 */
export const leftOut: Readonly<Record<string, string>> = {
  idempotency_keys: 'a repeated request would get an answer about what the restore has undone',
  kysely_migration: 'named in the head of the backup, and written by the migrations that a restore runs',
  kysely_migration_lock: 'belongs to the migrations',
  restore_holds: 'each restore decides anew what it holds back',
  leases: 'held by processes of the server that was backed up',
  sessions: 'a restore ends every session, so that none that ended since comes back',
  sign_in_throttles: 'count attempts of the last minutes',
  spent_nonces: 'belong to sign-ins of the last minutes, which end with the sessions',
  used_sign_in_states: 'belong to sign-ins of the last minutes, which end with the sessions',
  viewings: 'belong to sessions',
}

/** The schemas that a backup leaves out, and why. */
export const leftOutSchemas: Readonly<Record<string, string>> = {
  extensions: 'operators that indexes use, which the migrations install',
  graphile_worker: 'jobs: what is due is found again, and a mail from before the backup was most likely sent',
}

export type Table = { name: string; columns: string[] }

/** Every table of the schema in the order of their names, with its stored columns. Those of extensions are not ours. */
export async function listTables(db: Database): Promise<Table[]> {
  const { rows } = await sql<Table>`
    select c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = quote_ident(current_schema())::regnamespace and c.relkind = 'r'
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    group by c.oid, c.relname order by c.relname::text collate "C"`.execute(db)
  return rows
}

export const isCarried = ({ name }: Table): boolean => !Object.hasOwn(leftOut, name)
