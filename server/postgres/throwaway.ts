import { once } from 'node:events'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBinaries, reachableFolder } from './binaries.ts'
import type { Cluster } from './cluster.ts'
import { canEnter, chooseOsUser } from './os-user.ts'
import { reach, urlOf } from './reach.ts'

/** A fast server for one test run, in a temporary folder. It disappears with this process, even when that is killed. */
export async function startThrowawayPostgres() {
  const user = await chooseOsUser('')
  const base = (await canEnter(user, tmpdir())) ? tmpdir() : await reachableFolder(user, tmpdir())
  const home = await mkdtemp(join(base, 'bulkhead-postgres-'))
  if (user.uid !== undefined && user.gid !== undefined) await chown(home, user.uid, user.gid)
  const cluster: Cluster = {
    user,
    folder: join(home, 'data'),
    password: 'throwaway',
    binaries: await findBinaries(user, home),
    throwaway: true,
  }
  const { client, child, postmaster } = await reach(cluster, {})
  await client.end()
  return {
    url: urlOf(cluster, postmaster.port, 'postgres'),
    async stop() {
      child?.ref()
      const ended = child && child.exitCode === null ? once(child, 'exit') : undefined
      child?.stdin?.end()
      await ended
      await rm(home, { recursive: true, force: true })
    },
  }
}
