import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '#config/config'
import { keepFile } from '#config/keep-file'
import { log } from '../log.ts'
import { StartError } from '#config/start-error'
import { findBinaries, installedMajor } from './binaries.ts'
import type { Cluster } from './cluster.ts'
import { chooseOsUser } from './os-user.ts'
import { dataFolder } from './place.ts'
import { findPostmaster, stopPostmaster } from './postmaster.ts'
import { answers, leave, reach, type Reached, urlOf } from './reach.ts'

type Place = Pick<Config, 'dataDir'>

const database = 'bulkhead'

/** PostgreSQL does not open a folder that another major version has written. */
async function assertSameMajor(folder: string, dataDir: string) {
  const theirs = Number.parseInt(await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => ''))
  const ours = await installedMajor()
  if (Number.isNaN(theirs) || theirs === ours) return
  throw new StartError(
    `The database in ${folder} was written by PostgreSQL ${theirs}, and this version of Bulkhead brings PostgreSQL ${ours}. With the version that wrote it, run npx bulkhead backup FILE; then, with this one, copy ${join(dataDir, 'secret')} into a new data folder and run BULKHEAD_DATA_DIR=NEW npx bulkhead restore FILE.`,
  )
}

async function openCluster({ dataDir }: Place): Promise<Cluster> {
  const user = await chooseOsUser(join(dataDir, 'postgres'))
  const folder = await dataFolder(dataDir, user)
  await assertSameMajor(folder, dataDir)
  const password = keepFile(join(dataDir, 'postgres-password'), () => randomBytes(24).toString('hex'))
  return { user, folder, password, binaries: await findBinaries(user, dataDir) }
}

async function createIfMissing({ client }: Reached) {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
  if (rowCount) return
  // Another process may be doing the same: 42P04 and 23505 mean that it was faster.
  await client.query(`create database ${database}`).catch((error: { code?: string }) => {
    if (error.code !== '42P04' && error.code !== '23505') throw error
  })
}

export interface RunningPostgres {
  url: string
  /** The server was already running: started by another process, or left behind by a killed one. */
  adopted: boolean
  stop(): Promise<void>
}

/**
 * Starts or joins Bulkhead's own PostgreSQL. Processes that share a data folder share its server, and the last one to stop ends
 * it. A server that dies is restarted on the same port.
 */
export async function startPostgres(config: Place): Promise<RunningPostgres> {
  const cluster = await openCluster(config)
  const portFile = join(config.dataDir, 'postgres-port')
  const remembered = Number(await readFile(portFile, 'utf8').catch(() => ''))
  let reached = await reach(cluster, { port: remembered || undefined })
  const { port } = reached.postmaster
  if (port !== remembered) await writeFile(portFile, `${port}\n`)
  await createIfMissing(reached)

  let stopping = false
  let mending: Promise<void> | undefined

  async function mend(): Promise<void> {
    if (stopping) return
    log.warn('the database server stopped; restarting it')
    try {
      reached = await reach(cluster, { port, onlyThisPort: true })
      watch()
      log.info('the database server is running again')
    } catch (error) {
      log.error(error)
      await sleep(1000)
      return mend()
    }
  }
  function watch() {
    reached.client.once('end', () => {
      if (!stopping) mending = mend()
    })
  }
  watch()

  const onExit = () => {
    try {
      if (reached.child?.pid && reached.child.exitCode === null) process.kill(reached.child.pid, 'SIGINT')
    } catch {
      // The server is already gone.
    }
  }
  process.once('exit', onExit)

  return {
    url: urlOf(cluster, port, database),
    adopted: !reached.child || reached.child.pid !== reached.postmaster.pid,
    async stop() {
      if (stopping) return
      stopping = true
      await mending
      process.off('exit', onExit)
      const last = await leave(reached.client).catch(() => Boolean(reached.child))
      const postmaster = last ? await findPostmaster(cluster.folder) : undefined
      await reached.client.end().catch(() => {})
      const confirmed = postmaster?.pid === reached.postmaster.pid
      if (postmaster) await stopPostmaster(cluster.folder, postmaster.pid, { confirmed })
    },
  }
}

/** The URL of the server that now runs on this data folder; undefined when none does. Starts and changes nothing. */
export async function findRunningPostgres({ dataDir }: Place): Promise<string | undefined> {
  const password = (await readFile(join(dataDir, 'postgres-password'), 'utf8').catch(() => '')).trim()
  if (!password) return undefined
  const cluster = { folder: join(dataDir, 'postgres'), password, user: {}, binaries: '' }
  const running = await answers(cluster)
  return running && urlOf(cluster, running.port, database)
}
