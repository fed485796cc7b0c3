import { execFile, spawn } from 'node:child_process'
import { chown, mkdir, mkdtemp, open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { environmentWith } from '#config/environment'
import { StartError } from '#config/start-error'
import type { OsUser } from './os-user.ts'

const run = promisify(execFile)

/** One PostgreSQL data folder, with what is needed to run it. */
export interface Cluster {
  /** Contains bin/, lib/ and share/. */
  binaries: string
  folder: string
  user: OsUser
  password: string
  /** A disposable database: no fsync, and it dies with its parent. */
  throwaway?: boolean
}

export const superuser = 'bulkhead'

const program = (cluster: Cluster, name: string) =>
  join(cluster.binaries, 'bin', process.platform === 'win32' ? `${name}.exe` : name)

export const logFile = (cluster: Pick<Cluster, 'folder'>) => `${cluster.folder}.log`

const exists = (path: string) => stat(path).then(Boolean, () => false)

export const isInitialized = (cluster: Pick<Cluster, 'folder'>) => exists(join(cluster.folder, 'PG_VERSION'))

/**
 * Creates the data folder beside its place and then moves it, so that it is never incomplete and two processes may try at once.
 */
export async function initialize(cluster: Cluster) {
  const { folder, user, password } = cluster
  const draft = await mkdtemp(`${folder}.new-`)
  const passwordFile = join(draft, 'password')
  const data = join(draft, 'data')
  try {
    await writeFile(passwordFile, password, { mode: 0o600 })
    await mkdir(data, { mode: 0o700 })
    if (user.uid !== undefined && user.gid !== undefined) {
      for (const path of [draft, passwordFile, data]) await chown(path, user.uid, user.gid)
    }
    // The builtin provider sorts and compares alike on every machine, whatever its C library.
    const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8']
    const access = ['--auth=scram-sha-256', `--username=${superuser}`, `--pwfile=${passwordFile}`]
    const speed = cluster.throwaway ? ['--no-sync'] : []
    await run(program(cluster, 'initdb'), [`--pgdata=${data}`, ...locale, ...access, ...speed], { ...user, cwd: draft })
    await rename(data, folder)
  } catch (error) {
    if (await isInitialized(cluster)) return
    const stderr = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1)
    throw new StartError(`The database folder ${folder} could not be created: ${stderr || (error as Error).message}.`)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

const megabytes = (bytes: number, from: number, to: number) => Math.round(Math.min(Math.max(bytes / 2 ** 20, from), to))

function settings(cluster: Cluster, port: number) {
  const all = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: `${megabytes(totalmem() / 8, 64, 512)}MB`,
    effective_cache_size: `${megabytes(totalmem() / 3, 256, 8192)}MB`,
    random_page_cost: 1.1,
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    ...(cluster.throwaway && {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      autovacuum: 'off',
      shared_buffers: '128MB',
    }),
  }
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

// Stops the server and removes its folder when the pipe from its parent closes, however the parent ended.
const dieWithParent = `exec 3<&0; "$@" 3<&- & server=$!
(cat <&3; : >"$0/over"; kill -QUIT $server) 2>/dev/null &
wait $server; status=$?; test -e "$0/over" && rm -rf "$0"; exit $status`

/**
 * Starts the server in a session of its own: Ctrl-C reaches every foreground process, and the database must outlive running
 * requests. It logs to a file, since this process may die first.
 */
export async function spawnServer(cluster: Cluster, port: number) {
  const path = logFile(cluster)
  if (((await stat(path).catch(() => undefined))?.size ?? 0) > 10_000_000) await truncate(path)
  const log = await open(path, 'a', 0o600)
  const command = [program(cluster, 'postgres'), '-D', cluster.folder, ...settings(cluster, port)]
  const watched = cluster.throwaway && process.platform !== 'win32'
  const [file = '', ...args] = watched ? ['/bin/sh', '-c', dieWithParent, dirname(cluster.folder), ...command] : command
  try {
    const child = spawn(file, args, {
      ...cluster.user,
      cwd: cluster.folder,
      detached: true,
      stdio: [watched ? 'pipe' : 'ignore', log.fd, log.fd],
      env: environmentWith({ LC_ALL: 'C', TZ: 'UTC' }),
    })
    child.unref()
    if (child.stdin && 'unref' in child.stdin) (child.stdin.unref as () => void)()
    child.on('error', () => {})
    return child
  } finally {
    await log.close()
  }
}

/** The end of the server's log, for when it does not start. */
export async function lastWords(cluster: Cluster) {
  const lines = (await readFile(logFile(cluster), 'utf8').catch(() => '')).trim().split('\n')
  return lines.findLast((line) => line.includes('FATAL:')) ?? lines.at(-1) ?? 'it printed no reason'
}

/** Sets the superuser's password in single-user mode, for a data folder whose password file was lost. */
export async function setPassword(cluster: Cluster) {
  const single = run(program(cluster, 'postgres'), ['--single', '-D', cluster.folder, 'postgres'], {
    ...cluster.user,
    cwd: cluster.folder,
  })
  single.child.stdin?.end(`ALTER ROLE ${superuser} PASSWORD '${cluster.password}'\n`)
  await single
}
