import { link, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What PostgreSQL notes in postmaster.pid about the server that runs on a data folder. */
export interface Postmaster {
  pid: number
  port: number
  status: string
}

/**
 * Whether a living PostgreSQL has this process id. After a reboot the number in the file may belong to any process, and a
 * container whose first process reaps nothing keeps the dead as zombies; Linux can tell both.
 */
async function isPostgres(pid: number) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  if (process.platform !== 'linux') return true
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return /\(postgres\) [^ZX]/.test(stat)
}

/** The living server of a data folder, if there is one. */
export async function findPostmaster(folder: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')
  const [pid, , , port, , , , status] = text.split('\n').map((line) => line.trim())
  if (!pid || !(await isPostgres(Number(pid)))) return undefined
  return { pid: Number(pid), port: Number(port ?? 0), status: status ?? 'starting' }
}

/**
 * PostgreSQL refuses to start while any process of its user has the number in postmaster.pid: after a reboot that may be a
 * stranger, and in a container a zombie. Where we know better, the file is taken away; moved first and then looked at, since
 * another process may have started a server in this very moment.
 */
export async function forgetDeadPostmaster(folder: string) {
  if (process.platform !== 'linux' || (await findPostmaster(folder))) return
  const file = join(folder, 'postmaster.pid')
  const aside = `${file}.${process.pid}`
  await rename(file, aside).catch(() => {})
  const pid = Number((await readFile(aside, 'utf8').catch(() => '')).split('\n')[0])
  if (pid && (await isPostgres(pid))) await link(aside, file).catch(() => {})
  await rm(aside, { force: true })
}

/** Fast shutdown: open transactions are rolled back, everything that was committed is kept. */
export async function stopPostmaster(pid: number, patience = 15_000) {
  const steps = [
    { signal: 'SIGINT', within: patience },
    { signal: 'SIGQUIT', within: 5000 },
    { signal: 'SIGKILL', within: 1000 },
  ] as const
  for (const { signal, within } of steps) {
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    for (const until = Date.now() + within; Date.now() < until; await sleep(20)) if (!(await isPostgres(pid))) return
  }
}
