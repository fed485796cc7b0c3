import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { type Database, createDatabase } from '#db/client'
import { migrateToLatest } from '#db/migrate'
import { startPostgres } from '#server/postgres/embedded'
import { prepareJobs } from '#server/jobs/worker'
import { dataFolder } from '#server/postgres/place'
import { chooseOsUser } from '#server/postgres/os-user'
import { findPostmaster } from '#server/postgres/postmaster'

export type Victim = Awaited<ReturnType<typeof openVictim>>

/**
 * All processes, as in a power failure; only the postmaster, as the kernel may do when out of memory; one backend, after which
 * the postmaster ends the rest.
 */
export const ways = ['all processes', 'the postmaster alone', 'one backend'] as const
export type Way = (typeof ways)[number]

/** Only Linux lists child processes. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]) === parent
      } catch {
        return false
      }
    })
    .map(Number)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Already gone.
  }
}

/** The proof's own PostgreSQL, started by the product itself: as durable as the product's, and restarted when it is killed. */
export async function openVictim(place?: string) {
  const dataDir = place ?? mkdtempSync(join(tmpdir(), 'bulkhead-faults-'))
  // mkdtemp creates the folder for its owner only, but PostgreSQL started by root runs as another user.
  chmodSync(dataDir, 0o755)
  const server = await startPostgres({ dataDir })
  const db: Database = createDatabase(server.url)
  await migrateToLatest(db)
  await prepareJobs(server.url)
  const folder = await dataFolder(dataDir, await chooseOsUser(join(dataDir, 'postgres')))

  /** Runs one query on a connection of its own; undefined while the database is down. */
  async function ask<Row>(text: string): Promise<Row[] | undefined> {
    const client = new Client({ connectionString: server.url, connectionTimeoutMillis: 2000 })
    client.on('error', () => {})
    try {
      await client.connect()
      const { rows } = await client.query(text)
      return rows as Row[]
    } catch {
      return undefined
    } finally {
      await client.end().catch(() => {})
    }
  }

  return {
    url: server.url,
    db,
    ask,
    async kill(way: Way): Promise<void> {
      const postmaster = (await findPostmaster(folder))!.pid
      if (way === 'one backend') {
        const busy = await ask<{ pid: number }>(
          `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() order by state = 'active' desc, random() limit 1`,
        )
        return kill(busy![0]!.pid)
      }
      const children = way === 'all processes' ? childrenOf(postmaster) : []
      for (const pid of [postmaster, ...children]) kill(pid)
    },
    /** When it answers again, by the clock of `performance`. */
    async back(): Promise<number> {
      while ((await ask('select 1')) === undefined) await sleep(20)
      return performance.now()
    },
    async stop(): Promise<void> {
      await db.destroy()
      await server.stop()
      if (place === undefined) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
