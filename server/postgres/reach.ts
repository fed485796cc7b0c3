import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { StartError } from '../start-error.ts'
import { type Cluster, initialise, isInitialised, lastWords, setPassword, spawnServer, superuser } from './cluster.ts'
import { findPostmaster, forgetDeadPostmaster, type Postmaster, stopPostmaster } from './postmaster.ts'

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

/** Connects and takes the shared lock. `denied`: not our password. `not yet`: starting, stopping or not answering. */
async function greet(cluster: Cluster, port: number): Promise<Client | 'denied' | 'not yet'> {
  const client = new Client({
    connectionString: urlOf(cluster, port, 'postgres'),
    connectionTimeoutMillis: 3000,
    keepAlive: true,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ joined: boolean }>('select pg_try_advisory_lock_shared($1) as joined', [presence])
    if (rows[0]?.joined) return client
  } catch (error) {
    if (error instanceof DatabaseError && error.code?.startsWith('28')) return 'denied'
  }
  await client.end().catch(() => {})
  return 'not yet'
}

/** Gives the lock back; true when nobody else holds it, and then nobody else can take it either. */
export async function leave(client: Client) {
  await client.query('select pg_advisory_unlock_shared($1)', [presence])
  const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [presence])
  return rows[0]?.last === true
}

/** An unprivileged look at whether the server of this folder answers to our password. */
export async function answers(cluster: Cluster) {
  const running = await findPostmaster(cluster.folder)
  if (!running) return undefined
  const client = await greet(cluster, running.port)
  if (typeof client === 'string') return undefined
  await client.end()
  return running
}

export interface Reached {
  client: Client
  postmaster: Postmaster
  /** The server that this call started, if it did. */
  child?: Awaited<ReturnType<typeof spawnServer>>
}

/**
 * Connects to the server of a data folder, starting it when none runs. A server that a killed process left behind is used
 * if it takes our password, else stopped. PostgreSQL itself lets only one server run on a folder, so of two processes that
 * start at once one is refused, and finds the other's.
 */
export async function reach(cluster: Cluster, wanted: { port?: number; onlyThisPort?: boolean }): Promise<Reached> {
  const until = Date.now() + 120_000
  let child: Reached['child']
  let port = wanted.port
  let failures = 0
  let silentSince = Date.now()

  while (Date.now() < until) {
    const postmaster = await findPostmaster(cluster.folder)
    if (postmaster) {
      const client = postmaster.status === 'ready' ? await greet(cluster, postmaster.port) : 'not yet'
      if (client === 'denied') {
        await stopPostmaster(postmaster.pid)
        await setPassword(cluster)
      } else if (client !== 'not yet') {
        return { client, postmaster, child }
      } else if (postmaster.status === 'ready' && Date.now() - silentSince > 15_000) {
        await stopPostmaster(postmaster.pid)
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
      if (!wanted.onlyThisPort) port = await freePort()
      if (await findPostmaster(cluster.folder)) continue
      await forgetDeadPostmaster(cluster.folder)
    }
    if (!(await isInitialised(cluster))) await initialise(cluster)
    child = await spawnServer(cluster, (port ??= await freePort()))
  }
  throw new StartError(`The database in ${cluster.folder} does not start: ${await lastWords(cluster)}`)
}
