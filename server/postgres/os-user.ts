import { execFile } from 'node:child_process'
import { mkdir, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { StartError } from '#config/start-error'

const run = promisify(execFile)

/** The user that the server runs as; empty for the current one. PostgreSQL refuses to run as root. */
export interface OsUser {
  uid?: number
  gid?: number
}

const isRoot = () => process.getuid?.() === 0

async function look(name: string): Promise<OsUser | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)))
    return { uid, gid }
  } catch {
    return undefined
  }
}

/** The owner of an existing data folder; otherwise, for root, the first existing one of the usual service users. */
export async function chooseOsUser(dataFolder: string): Promise<OsUser> {
  if (!isRoot()) return {}
  const owner = await stat(dataFolder).catch(() => undefined)
  if (owner?.uid) return { uid: owner.uid, gid: owner.gid }
  for (const name of ['bulkhead', 'postgres', 'nobody']) {
    const user = await look(name)
    if (user) return user
  }
  throw new StartError('PostgreSQL can’t run as root, and this machine has no user "nobody". Start Bulkhead as another user.')
}

/** Whether `user` can enter `folder` and all folders above it. */
export async function canEnter(user: OsUser, folder: string) {
  if (user.uid === undefined) return true
  await mkdir(folder, { recursive: true, mode: 0o755 })
  return run('test', ['-x', folder], { ...user, cwd: '/' }).then(
    () => true,
    () => false,
  )
}
