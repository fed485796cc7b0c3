import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { StartError } from '#config/start-error'
import { version } from '#config/version'
import type { Database, Trx } from '#db/client'
import { loadTables } from '#db/dump/load'
import { knownMigrations, newerMigration } from '#db/migrate'
import { openSpool } from '../http/spool.ts'
import { type Head, openBackup, rowsOf } from './format.ts'
import { keyOf } from './keys.ts'
import { inSentence } from './refusals.ts'

const PIECE = 1_000_000

/** A backup that can be read more than once. */
export type Saved = { name: string; size: number; read(): AsyncIterable<Buffer>; close(): Promise<void> }

export async function savedFile(file: string): Promise<Saved> {
  const there = await stat(file).catch((error: { code: string }) => {
    throw new StartError(error.code === 'ENOENT' ? `There is no file ${file}.` : `${file} can’t be read (${error.code}).`)
  })
  if (!there.isFile()) throw new StartError(`${file} is not a file. Name a file, or write - and redirect the standard input.`)
  const read = async function* () {
    try {
      yield* createReadStream(file, { highWaterMark: PIECE }) as AsyncIterable<Buffer>
    } catch (error) {
      const { code, syscall } = error as { code?: string; syscall?: string }
      throw syscall ? new StartError(`${file} can’t be read (${code}).`) : error
    }
  }
  return { name: file, size: there.size, read, close: async () => {} }
}

/** What comes from a pipe can be read only once, so it is put aside: it is restored only when it is whole. */
export async function savedPipe(input: NodeJS.ReadStream): Promise<Saved> {
  if (input.isTTY) throw new StartError('There is no backup on the standard input. Redirect it, or name a file.')
  const spool = await openSpool()
  try {
    for await (const chunk of input) await spool.write(chunk as Buffer)
  } catch (error) {
    await spool.close()
    const { code } = error as { code?: string }
    throw code === 'ENOSPC'
      ? new StartError('The disk is full: a backup from the standard input is put aside in TMPDIR first. Name a file instead.')
      : error
  }
  return { name: 'The standard input', size: spool.size(), read: spool.read, close: spool.close }
}

/** Refuses a backup that this version cannot restore. */
async function assertRestorable({ migrations, version: theirs }: Head, name: string): Promise<void> {
  if ((await newerMigration(migrations)) !== undefined)
    throw new StartError(
      `${name} is of Bulkhead ${theirs}, whose database is newer than that of this version (${version}). Install that version or a newer one.`,
    )
  const known = await knownMigrations()
  if (migrations.some((one, i) => one !== known[i]))
    throw new StartError(`${name} lacks a migration in between, so nothing was restored.`)
}

/** Reads all of it, so that one that is cut off or was changed is refused before anything is touched. */
async function verify(saved: Saved): Promise<Head> {
  const { head, tables } = await openBackup({ name: saved.name, chunks: saved.read(), keyOf })
  await assertRestorable(head, saved.name)
  // Each step reads the rows of a table.
  while (!(await tables.next()).done);
  return head
}

export type Restored = { head: Head; rows: number }

type Options = {
  onProgress(progress: { rows: number; table: string }): void
  /** The end of the same transaction. */
  finish(trx: Trx, head: Head): Promise<void>
}

/** Restores a backup into an empty database, all of it or nothing. */
export async function restore(db: Database, saved: Saved, { onProgress, finish }: Options): Promise<Restored> {
  const verified = await verify(saved)
  let rows = 0
  const changed = () => new StartError(`${saved.name} was changed while it was read, so nothing was restored.`)
  // Read again, and checked again.
  const { head, tables: read } = await openBackup({ name: saved.name, chunks: saved.read(), keyOf })
  if (JSON.stringify(head) !== JSON.stringify(verified)) throw changed()
  try {
    await loadTables(db, {
      migrations: head.migrations,
      tables: head.tables,
      async fill(write) {
        for await (const one of read) {
          const into = write(one.table)
          await pipeline(Readable.from(rowsOf(one, saved.name), { objectMode: false }), into)
          if (into.rowCount !== one.end().rows) throw changed()
          rows += into.rowCount
          onProgress({ rows, table: one.table.name })
        }
      },
      finish: (trx) => finish(trx, head),
    })
  } catch (error) {
    throw inSentence(error, 'The database refused the backup, and nothing was restored')
  }
  return { head, rows }
}
