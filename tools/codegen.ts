// npm run db:codegen: writes db/schema.ts from the migrations. With --verify, only checks that it is up to date.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createDatabase } from '#db/client'
import { migrateToLatest } from '#db/migrate'
import { projectRoot } from '#config/config'
import { startThrowawayPostgres } from '#server/postgres/throwaway'
import { exitWith } from '#config/start-error'

async function generate(args: string[]) {
  const server = await startThrowawayPostgres()
  try {
    const db = createDatabase(server.url)
    await migrateToLatest(db)
    await db.destroy()
    const cli = join(projectRoot, 'node_modules', 'kysely-codegen', 'dist', 'cli', 'bin.js')
    const child = spawn(process.execPath, [cli, '--url', server.url, ...args], { cwd: projectRoot, stdio: 'inherit' })
    const [code] = await once(child, 'exit')
    return Number(code ?? 1)
  } finally {
    await server.stop()
  }
}

process.exitCode = await generate(process.argv.slice(2)).catch(exitWith)
