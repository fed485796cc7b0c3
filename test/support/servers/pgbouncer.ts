import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '#server/postgres/reach'
import { chooseOsUser } from '#server/postgres/os-user'

type Program = { path: string; version: string; preparesInTransactions: boolean }

/** The programs of PROVE_PGBOUNCER, separated by commas; none without it. */
export const programs = (): Promise<Program[]> =>
  Promise.all(
    (process.env['PROVE_PGBOUNCER'] ?? '')
      .split(',')
      .filter((path) => path !== '')
      .map(async (path) => {
        const { stdout } = await promisify(execFile)(path, ['--version'])
        const [, major, minor] = /^PgBouncer (\d+)\.(\d+)/.exec(stdout) ?? []
        return { path, version: `${major}.${minor}`, preparesInTransactions: Number(major) > 1 || Number(minor) >= 21 }
      }),
  )

export const firstThatPrepares = async (): Promise<string | undefined> =>
  (await programs()).find(({ preparesInTransactions }) => preparesInTransactions)?.path

/** Each transaction is on another session than the one before, and one session serves many. */
export const inTransactionMode = {
  pool_mode: 'transaction',
  max_prepared_statements: 1000,
  server_round_robin: 1,
  default_pool_size: 12,
  server_idle_timeout: 5,
}

const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false))
    socket.unref().once('connect', () => socket.end())
  })

/** A PgBouncer in front of this server, with its defaults but for `settings`. */
export async function startPgbouncer(program: string, url: string, settings: Record<string, string | number> = {}) {
  const { hostname, port: behind, username, password } = new URL(url)
  const user = await chooseOsUser('')
  const home = await mkdtemp(join(tmpdir(), 'bulkhead-pgbouncer-'))
  const port = await freePort()
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'trust',
    auth_file: join(home, 'users'),
    admin_users: username,
    max_client_conn: 1000,
    ...settings,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`)
  await writeFile(join(home, 'users'), `"${username}" "${password}"\n`)
  await writeFile(
    join(home, 'pgbouncer.ini'),
    `[databases]\n* = host=${hostname} port=${behind}\n[pgbouncer]\n${lines.join('\n')}\n`,
  )
  if (user.uid !== undefined && user.gid !== undefined) await chown(home, user.uid, user.gid)
  let running: ChildProcess | undefined

  async function start() {
    const child = spawn(program, [join(home, 'pgbouncer.ini')], { ...user, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()))
    while (!(await accepts(port))) {
      if (child.exitCode !== null) throw new Error(`PgBouncer did not start:\n${output}`)
      await sleep(20)
    }
    running = child
  }
  /** At once, with all connections. */
  async function stop() {
    if (!running) return
    const exited = once(running, 'exit')
    running.kill('SIGKILL')
    await exited
    running = undefined
  }
  await start()
  return {
    host: `127.0.0.1:${port}`,
    /** The same database through it. */
    through(direct: string): string {
      const address = new URL(direct)
      address.host = `127.0.0.1:${port}`
      return address.href
    },
    start,
    stop,
    async close() {
      await stop()
      await rm(home, { recursive: true })
    },
  }
}
