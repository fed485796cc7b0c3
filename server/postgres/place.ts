import { randomBytes } from 'node:crypto'
import { mkdir, readFile, readlink, realpath, stat, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { log } from '../log.ts'
import { StartError } from '#config/start-error'
import { reachableFolder } from './binaries.ts'
import { canEnter, type OsUser } from './os-user.ts'
import { isSameFolder } from './same-folder.ts'

/** Refuses a link that was copied with its data folder: it leads to the original's database while that exists. */
async function claim(folder: string, dataDir: string) {
  const note = join(dirname(folder), 'data-folder')
  const here = await realpath(dataDir)
  const owner = (await readFile(note, 'utf8').catch(() => '')).trim()
  if (owner === here) return
  const isOwned = owner && (await readlink(join(owner, 'postgres')).catch(() => '')) === folder
  if (isOwned && !(await isSameFolder(owner, here)))
    throw new StartError(
      `The data folder ${dataDir} is a copy, and its database ${folder} belongs to ${owner}. Copy the database too, and link ${join(dataDir, 'postgres')} to the copy.`,
    )
  await writeFile(note, `${here}\n`)
}

/**
 * The data folder, `<data dir>/postgres`. Root's PostgreSQL runs as another user, who may be unable to reach it (a clone below
 * /root). Then it is a link to a folder that user can reach, so that a moved clone still finds its data.
 */
export async function dataFolder(dataDir: string, user: OsUser) {
  const place = join(dataDir, 'postgres')
  const linked = await readlink(place).catch(() => undefined)
  if (linked) {
    await mkdir(dirname(linked), { recursive: true, mode: 0o755 })
    await claim(linked, dataDir)
    return linked
  }
  const there = await stat(place).catch(() => undefined)
  if (there && user.uid === undefined && process.getuid && there.uid !== process.getuid()) {
    throw new StartError(
      `The database folder ${place} belongs to another user. Start Bulkhead as that user, or set BULKHEAD_DATA_DIR to another folder.`,
    )
  }
  await mkdir(dataDir, { recursive: true })
  if (await canEnter(user, dataDir)) return place
  if (there)
    throw new StartError(
      `The owner of the database folder ${place} can’t access it. Check the permissions of the folders above it.`,
    )

  const name = `${basename(dirname(dataDir)) || 'data'}-${randomBytes(4).toString('hex')}`
  const target = join(await reachableFolder(user, dataDir), name, 'postgres')
  await symlink(target, place).catch(() => {})
  const agreed = await readlink(place)
  await mkdir(dirname(agreed), { recursive: true, mode: 0o755 })
  await claim(agreed, dataDir)
  log.info(`PostgreSQL can’t run as root, and its user can’t access ${dataDir}, so the database is in ${agreed}`)
  return agreed
}
