import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { projectRoot } from '#config/config'
import { findRunningPostgres, startPostgres } from './embedded.ts'
import { findPostmaster, stopPostmaster } from './postmaster.ts'
import { StartError } from '#config/start-error'

let dataDir = ''
const others: ChildProcess[] = []
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'bulkhead-embedded-'))
  // mkdtemp closes the folder to other users, and root's PostgreSQL runs as one of them.
  chmodSync(dataDir, 0o755)
})
afterEach(async () => {
  for (const other of others.splice(0)) other.kill('SIGKILL')
  const left = await postmaster()
  if (left) await stopPostmaster(join(dataDir, 'postgres'), left.pid)
  rmSync(dataDir, { recursive: true })
})

const postmaster = () => findPostmaster(join(dataDir, 'postgres'))

async function query(url: string, text: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<Record<string, unknown>>({ text })
  await client.end()
  return rows[0]
}

/** Another Bulkhead on the same data folder. It prints `adopted` or `started`, and stops on request. */
async function otherProcess(place = dataDir) {
  const program = `
    import { startPostgres } from './server/postgres/embedded.ts'
    const postgres = await startPostgres({ dataDir: ${JSON.stringify(place)} })
    console.log(postgres.adopted ? 'adopted' : 'started')
    process.on('SIGTERM', () => postgres.stop().then(() => process.exit(0)))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  others.push(child)
  const died = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the other process ended with ${code}`)))
  const [state] = (await Promise.race([once(child.stdout, 'data'), died])) as [Buffer]
  return { child, state: state.toString().trim() }
}

async function end(child: ChildProcess, signal: NodeJS.Signals) {
  child.kill(signal)
  await once(child, 'exit')
}

describe('startPostgres', () => {
  test('starts a server, keeps its data, port and password, and stops it', async () => {
    expect(await findRunningPostgres({ dataDir })).toBeUndefined()
    const first = await startPostgres({ dataDir })
    expect(first.adopted).toBe(false)
    expect(await findRunningPostgres({ dataDir })).toBe(first.url)
    await query(first.url, 'create table kept (n int)')
    await first.stop()
    expect(await postmaster()).toBeUndefined()
    expect(await findRunningPostgres({ dataDir })).toBeUndefined()

    const second = await startPostgres({ dataDir })
    expect(second.url).toBe(first.url)
    expect(await query(second.url, 'select count(*)::int as n from kept')).toEqual({ n: 0 })
    await second.stop()
  })

  test('listens only on the loopback interface, in UTC, with UTF-8 and scram', async () => {
    const postgres = await startPostgres({ dataDir })
    const shown = `select current_setting('listen_addresses') as address, current_setting('unix_socket_directories') as sockets,
      current_setting('TimeZone') as zone, current_setting('server_encoding') as encoding,
      (select count(*)::int from pg_hba_file_rules where auth_method <> 'scram-sha-256') as open`
    const expected = { address: '127.0.0.1', sockets: '', zone: 'UTC', encoding: 'UTF8', open: 0 }
    expect(await query(postgres.url, shown)).toEqual(expected)
    await expect(query(postgres.url.replace(/:[^:@]*@/, ':wrong@'), 'select 1')).rejects.toThrow('password authentication failed')
    await postgres.stop()
  })

  test('adopts the server that a killed process left behind, and stops it in the end', async () => {
    const killed = await otherProcess()
    expect(killed.state).toBe('started')
    const orphan = await postmaster()
    await end(killed.child, 'SIGKILL')

    const postgres = await startPostgres({ dataDir })
    expect(postgres.adopted).toBe(true)
    expect((await postmaster())?.pid).toBe(orphan?.pid)
    await postgres.stop()
    expect(await postmaster()).toBeUndefined()
  })

  test('stops an orphan that refuses the password, and keeps its data', async () => {
    const killed = await otherProcess()
    const url = (await findRunningPostgres({ dataDir })) ?? ''
    await query(url, 'create table kept (n int)')
    const orphan = await postmaster()
    await end(killed.child, 'SIGKILL')
    rmSync(join(dataDir, 'postgres-password'))

    const postgres = await startPostgres({ dataDir })
    expect(postgres.adopted).toBe(false)
    expect((await postmaster())?.pid).not.toBe(orphan?.pid)
    expect(await query(postgres.url, 'select count(*)::int as n from kept')).toEqual({ n: 0 })
    await postgres.stop()
  })

  test('lets two processes start at once on a new folder, and the last one to leave stops the server', async () => {
    const [one, two] = await Promise.all([otherProcess(), otherProcess()])
    expect([one.state, two.state].toSorted()).toEqual(['adopted', 'started'])
    const [starter, guest] = one.state === 'started' ? [one, two] : [two, one]

    await end(starter.child, 'SIGTERM')
    expect(await findRunningPostgres({ dataDir })).toBeDefined()
    await end(guest.child, 'SIGTERM')
    expect(await postmaster()).toBeUndefined()
  })

  test('uses another port when its own is taken', async () => {
    const first = await startPostgres({ dataDir })
    await first.stop()
    const { createServer } = await import('node:net')
    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1')
    await once(squatter, 'listening')
    const second = await startPostgres({ dataDir })
    expect(new URL(second.url).port).not.toBe(new URL(first.url).port)
    expect(readFileSync(join(dataDir, 'postgres-port'), 'utf8').trim()).toBe(new URL(second.url).port)
    await second.stop()
    squatter.close()
  })

  test.runIf(process.getuid?.() === 0)(
    'as root keeps the data elsewhere when its user cannot reach the data folder',
    async () => {
      chmodSync(dataDir, 0o700)
      const first = await startPostgres({ dataDir })
      const elsewhere = readlinkSync(join(dataDir, 'postgres'))
      await query(first.url, 'create table kept (n int)')
      await first.stop()
      expect(statSync(elsewhere).uid).not.toBe(0)

      const moved = `${dataDir}-moved`
      renameSync(dataDir, moved)
      const second = await startPostgres({ dataDir: moved })
      expect(await query(second.url, 'select count(*)::int as n from kept')).toEqual({ n: 0 })
      await second.stop()
      renameSync(moved, dataDir)
      rmSync(dirname(elsewhere), { recursive: true })
    },
  )

  test.runIf(process.platform === 'linux')('ignores an unrelated process that has the number of a dead server', async () => {
    const first = await startPostgres({ dataDir })
    await first.stop()
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid')
    const { uid, gid } = statSync(join(dataDir, 'postgres'))
    const stranger = spawn('sleep', ['60'], { uid, gid })
    others.push(stranger)
    writeFileSync(
      pidFile,
      `${stranger.pid}\n${join(dataDir, 'postgres')}\n1\n${new URL(first.url).port}\n\n127.0.0.1\n\nready   \n`,
    )
    chownSync(pidFile, uid, gid)
    const second = await startPostgres({ dataDir })
    expect(second.adopted).toBe(false)
    expect(await query(second.url, 'select 1 as one')).toEqual({ one: 1 })
    await second.stop()
  })

  describe('a data folder whose postmaster.pid names another folder’s server', () => {
    let other = ''
    beforeEach(() => {
      other = mkdtempSync(join(tmpdir(), 'bulkhead-other-'))
      chmodSync(other, 0o755)
    })
    afterEach(async () => {
      const left = await findPostmaster(join(other, 'postgres'))
      if (left) await stopPostmaster(join(other, 'postgres'), left.pid)
      rmSync(other, { recursive: true })
    })

    /** Copies a data folder whose server runs, as `cp -a` does, but with data at rest so that no write is torn. */
    async function copyOf(dataDirOfOriginal: string) {
      const copy = join(dataDirOfOriginal, 'copy')
      await (await startPostgres({ dataDir: dataDirOfOriginal })).stop()
      execFileSync('cp', ['-a', dataDirOfOriginal, `${dataDirOfOriginal}.copy`])
      renameSync(`${dataDirOfOriginal}.copy`, copy)
      const original = await startPostgres({ dataDir: dataDirOfOriginal })
      copyFileSync(join(dataDirOfOriginal, 'postgres/postmaster.pid'), join(copy, 'postgres/postmaster.pid'))
      const { uid, gid } = statSync(join(copy, 'postgres'))
      chownSync(join(copy, 'postgres/postmaster.pid'), uid, gid)
      return { original, copy }
    }

    test('starts a server of its own on a copy, and leaves the original’s running', async () => {
      const { original, copy } = await copyOf(other)
      expect(await findRunningPostgres({ dataDir: copy })).toBeUndefined()
      const copied = await startPostgres({ dataDir: copy })
      expect(copied.adopted).toBe(false)
      await query(copied.url, 'create table only_in_the_copy (n int)')
      expect(await query(copied.url, 'show data_directory')).toEqual({ data_directory: join(copy, 'postgres') })
      expect(await query(original.url, `select to_regclass('only_in_the_copy') as found`)).toEqual({ found: null })
      await copied.stop()
      expect(await findRunningPostgres({ dataDir: other })).toBe(original.url)
      expect(await query(original.url, 'select 1 as one')).toEqual({ one: 1 })
      await original.stop()
    })

    test('shares one server among processes that start on a copy at once, and not the original’s', async () => {
      const { original, copy } = await copyOf(other)
      const started = await Promise.all(Array.from({ length: 4 }, () => otherProcess(copy)))
      expect(started.map(({ state }) => state).toSorted()).toEqual(['adopted', 'adopted', 'adopted', 'started'])
      expect(await findRunningPostgres({ dataDir: copy })).not.toBe(original.url)
      for (const { child } of started) await end(child, 'SIGTERM')
      expect(await findPostmaster(join(copy, 'postgres'))).toBeUndefined()
      expect(await query(original.url, 'select 1 as one')).toEqual({ one: 1 })
      await original.stop()
    })

    test('does not stop somebody else’s server with another password, as after a reboot', async () => {
      const others = await startPostgres({ dataDir: other })
      const { pid, port } = (await findPostmaster(join(other, 'postgres')))!
      const first = await startPostgres({ dataDir })
      await first.stop()
      const file = join(dataDir, 'postgres/postmaster.pid')
      const { uid, gid } = statSync(join(dataDir, 'postgres'))
      writeFileSync(file, `${pid}\n${join(dataDir, 'postgres')}\n1\n${port}\n\n127.0.0.1\n\nready   \n`)
      chownSync(file, uid, gid)
      const second = await startPostgres({ dataDir })
      expect(second).toMatchObject({ adopted: false, url: first.url })
      await second.stop()
      await stopPostmaster(join(dataDir, 'postgres'), pid)
      expect((await findPostmaster(join(other, 'postgres')))?.pid).toBe(pid)
      expect(await query(others.url, 'select 1 as one')).toEqual({ one: 1 })
      await others.stop()
    })

    test.runIf(process.getuid?.() === 0)('refuses a copied link to the original’s database', async () => {
      chmodSync(other, 0o700)
      const first = await startPostgres({ dataDir: other })
      const elsewhere = readlinkSync(join(other, 'postgres'))
      await first.stop()
      execFileSync('cp', ['-a', other, join(dataDir, 'copy')])
      await expect(startPostgres({ dataDir: join(dataDir, 'copy') })).rejects.toThrow(
        new StartError(
          `The data folder ${join(dataDir, 'copy')} is a copy, and its database ${elsewhere} belongs to ${other}. Copy the database too, and link ${join(dataDir, 'copy/postgres')} to the copy.`,
        ),
      )
      rmSync(join(other, 'postgres'))
      await (await startPostgres({ dataDir: join(dataDir, 'copy') })).stop()
      rmSync(dirname(elsewhere), { recursive: true })
    })
  })

  test('restarts a server that dies, on the same port', async () => {
    const postgres = await startPostgres({ dataDir })
    const before = await postmaster()
    process.kill(before?.pid ?? 0, 'SIGKILL')
    const back = () => vi.waitFor(() => query(postgres.url, 'select 1 as one'), { timeout: 15_000, interval: 100 })
    expect(await back()).toEqual({ one: 1 })
    expect((await postmaster())?.pid).not.toBe(before?.pid)
    await postgres.stop()
    expect(await postmaster()).toBeUndefined()
  })
})

test('refuses a folder of another major version of PostgreSQL, and says how to move', async () => {
  mkdirSync(join(dataDir, 'postgres'))
  writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '17\n')
  await expect(startPostgres({ dataDir })).rejects.toThrow(
    /was written by PostgreSQL 17, and this version of Bulkhead brings PostgreSQL 18\. With the version that wrote it, run npx bulkhead backup FILE; then, with this one,/,
  )
  await expect(startPostgres({ dataDir })).rejects.toThrow(StartError)
})
