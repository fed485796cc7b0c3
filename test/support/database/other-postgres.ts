import { execFile } from 'node:child_process'
import { chown, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '#server/postgres/reach'
import { chooseOsUser } from '#server/postgres/os-user'

const run = promisify(execFile)

const folderOf = (major: number) => `/usr/lib/postgresql/${major}/bin`

/** Whether Debian's package of this major version is installed: `apt-get install postgresql-15`. */
export const isInstalled = (major: number): Promise<boolean> =>
  stat(join(folderOf(major), 'initdb')).then(
    () => true,
    () => false,
  )

/** A server of another major version, in a temporary folder. */
export async function startOtherPostgres(major: number) {
  const user = await chooseOsUser('')
  const home = await mkdtemp(join(tmpdir(), `bulkhead-postgres-${major}-`))
  if (user.uid !== undefined && user.gid !== undefined) await chown(home, user.uid, user.gid)
  const data = join(home, 'data')
  const options = { ...user, cwd: home }
  const program = (name: string) => join(folderOf(major), name)
  const port = await freePort()
  await run(program('initdb'), ['-D', data, '-U', 'other', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], options)
  // What a server of a company may be set to: nothing of it may show.
  const settings = ['timezone=America/New_York', 'datestyle=German', 'bytea_output=escape', 'extra_float_digits=0', 'fsync=off']
  const flags = [...settings.map((one) => `-c ${one}`), `-p ${port}`, '-h 127.0.0.1', `-k ${home}`].join(' ')
  await run(program('pg_ctl'), ['-D', data, '-w', '-s', '-l', join(home, 'log'), '-o', flags, 'start'], options)
  return {
    url: `postgres://other@127.0.0.1:${port}/postgres`,
    async stop() {
      await run(program('pg_ctl'), ['-D', data, '-m', 'immediate', '-s', 'stop'], options)
      await rm(home, { recursive: true })
    },
  }
}
