import { version } from '#config/version'
import { knownMigrations } from '#db/migrate'
import type { Terminal } from './command.ts'

/** Answered without a database, which may be the very thing that does not start. */
export async function printVersion({ print }: Terminal): Promise<void> {
  print(`bulkhead ${version}`)
  print(`migration ${(await knownMigrations()).at(-1)}`)
  print(`node ${process.versions.node}`)
}
