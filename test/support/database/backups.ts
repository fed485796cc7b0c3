import { sql } from 'kysely'
import { type Database, createDatabase } from '#db/client'
import { isCarried, listTables } from '#db/dump/tables'
import { checkProjects } from '#domain/maintenance/check'
import { verifyAudit } from '#domain/audit/verification'
import { backUp } from '#server/backup/backup'
import { restore, savedFile } from '#server/backup/restore'
import { fileTarget } from '#server/backup/target'

/** Backs a database up to a file. */
export const backUpTo = async (db: Database, file: string) => backUp(db, await fileTarget(file), () => {})

/** Restores a file into an empty database, holding nothing back. */
export const restoreFrom = async (db: Database, file: string) =>
  restore(db, await savedFile(file), { onProgress: () => {}, finish: async () => {} })

/** Every row of every table that a backup carries, as text that does not depend on the settings of the server. */
export async function dumped(db: Database): Promise<Record<string, string[]>> {
  return db.connection().execute(async (one) => {
    await sql`set bytea_output to 'hex'`.execute(one)
    await sql`set extra_float_digits to 1`.execute(one)
    const dump: Record<string, string[]> = {}
    for (const { name } of (await listTables(one)).filter(isCarried)) {
      const { rows } = await sql<{ row: string }>`
        select row from (select t::text as row from ${sql.table(name)} t) r order by row collate "C"`.execute(one)
      dump[name] = rows.map(({ row }) => row)
    }
    return dump
  })
}

/** What `check` and `audit verify` find. */
export async function flaws(db: Database): Promise<string[]> {
  const found: string[] = []
  for await (const { project, problems } of checkProjects(db)) found.push(...problems.map((problem) => `${project}: ${problem}`))
  for await (const { slug, findings } of verifyAudit(db)) found.push(...findings.map(({ what }) => `${slug ?? '-'}: ${what}`))
  return found
}

/** Runs `work` with a pool of its own, whose connections are closed afterwards. */
export async function connected<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = createDatabase(url, { max: 1 })
  try {
    return await work(db)
  } finally {
    await db.destroy()
  }
}
