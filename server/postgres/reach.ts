import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { StartError } from '#config/start-error'
import { type Cluster, initialize, isInitialized, lastWords, setPassword, spawnServer, superuser } from './cluster.ts'
import { findPostmaster, forgetStranger, type Postmaster, stopPostmaster } from './postmaster.ts'
import { judge } from './process.ts'
import { isSameFolder } from './same-folder.ts'

// Every process that uses the server holds this lock, shared, in the database `postgres`.
const presence = 0x62756c6b

export const urlOf = (cluster: Cluster, port: number, database: string) =>
  `postgres://${superuser}:${cluster.password}@127.0.0.1:${port}/${database}`

/** Any free port of the loopback interface. */
export function freePort() {
  return new Promise<number>((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

/**
 * Connects and takes the shared lock. `denied`: another password. `elsewhere`: it runs on another folder. `not yet`: starting,
 * stopping or not answering.
 */
async function greet(cluster: Cluster, port: number): Promise<Client | 'denied' | 'elsewhere' | 'not yet'> {
  const client = new Client({
    connectionString: urlOf(cluster, port, 'postgres'),
    connectionTimeoutMillis: 3000,
    keepAlive: true,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    if (!(await runsOn(client, cluster.folder))) {
      await client.end().catch(() => {})
      return 'elsewhere'
    }
    const { rows } = await client.query<{ joined: boolean }>('select pg_try_advisory_lock_shared($1) as joined', [presence])
    if (rows[0]?.joined) return client
  } catch (error) {
    if (error instanceof DatabaseError && error.code?.startsWith('28')) return 'denied'
  }
  await client.end().catch(() => {})
  return 'not yet'
}

async function runsOn(client: Client, folder: string): Promise<boolean> {
  const { rows } = await client.query<{ data_directory: string }>('show data_directory')
  return isSameFolder(rows[0]?.data_directory ?? '', folder)
}

/** Releases the lock. True when nobody else holds it; then nobody else can take it either. */
export async function leave(client: Client) {
  await client.query('select pg_advisory_unlock_shared($1)', [presence])
  const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [presence])
  return rows[0]?.last === true
}

/** Whether the server of this folder accepts our password. Needs no privileges. */
export async function answers(cluster: Cluster) {
  const running = await findPostmaster(cluster.folder)
  if (!running) return undefined
  const client = await greet(cluster, running.port)
  if (typeof client === 'string') return undefined
  await client.end()
  return running
}

const contradicts = ({ folder }: Cluster, { pid, port }: Postmaster) =>
  new StartError(
    `The process ${pid} uses the database folder ${folder}, but the server on its port ${port} uses another folder. Stop one of them.`,
  )

export interface Reached {
  client: Client
  postmaster: Postmaster
  /** The server process, if this call started it. */
  child?: Awaited<ReturnType<typeof spawnServer>>
}

/**
 * Connects to the server of a data folder, and starts one if none runs. A leftover server is used if it accepts our password,
 * else stopped; one of another folder is left alone, whatever postmaster.pid says.
 * PostgreSQL allows one server a folder, so the loser of two concurrent starts finds the other's.
 */
export async function reach(cluster: Cluster, options: { port?: number; onlyThisPort?: boolean }): Promise<Reached> {
  const until = Date.now() + 120_000
  let child: Reached['child']
  let port = options.port
  let failures = 0
  let silentSince = Date.now()
  const strangers = new Set<number>()

  while (Date.now() < until) {
    const postmaster = await findPostmaster(cluster.folder, strangers)
    if (postmaster) {
      const client = postmaster.status === 'ready' ? await greet(cluster, postmaster.port) : 'not yet'
      if (client === 'denied') {
        await stopPostmaster(cluster.folder, postmaster.pid)
        await setPassword(cluster)
      } else if (client === 'elsewhere' && (await judge(postmaster.pid, cluster.folder)) === 'perhaps') {
        strangers.add(postmaster.pid)
      } else if (typeof client !== 'string') {
        return { client, postmaster, child }
      } else if (postmaster.status === 'ready' && Date.now() - silentSince > 15_000) {
        if (client === 'elsewhere') throw contradicts(cluster, postmaster)
        await stopPostmaster(cluster.folder, postmaster.pid)
      }
      await sleep(50)
      continue
    }
    silentSince = Date.now()
    if (child && child.exitCode === null && child.signalCode === null) {
      await sleep(20)
      continue
    }
    if (child && ++failures >= 10) break
    // The port may be taken, or the last server's processes may still hold its memory: wait, and try another port.
    if (child) {
      await sleep(failures * 200)
      if (await findPostmaster(cluster.folder, strangers)) continue
      const wasStrangers = await forgetStranger(cluster.folder, strangers)
      if (!wasStrangers && !options.onlyThisPort) port = await freePort()
    }
    if (!(await isInitialized(cluster))) await initialize(cluster)
    child = await spawnServer(cluster, (port ??= await freePort()))
  }
  throw new StartError(`The database in ${cluster.folder} did not start: ${await lastWords(cluster)}`)
}
