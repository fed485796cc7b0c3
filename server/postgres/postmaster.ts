import { link, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from '#config/start-error'
import { judge } from './process.ts'

/** What PostgreSQL notes in postmaster.pid about the server that runs on a data folder. */
export interface Postmaster {
  pid: number
  port: number
  status: string
}

/** Processes that said, when asked, that they run on another folder. */
export type Strangers = ReadonlySet<number>

const fileOf = (folder: string) => join(folder, 'postmaster.pid')

const noted = async (file: string) =>
  (await readFile(file, 'utf8').catch(() => '')).split('\n').map((line) => line.trim()) as (string | undefined)[]

const nobody: Strangers = new Set()

/** The living server of a data folder, if there is one. A file that was copied with its folder, or outlived its server, names none. */
export async function findPostmaster(folder: string, strangers = nobody): Promise<Postmaster | undefined> {
  const [text, , , port, , , , status] = await noted(fileOf(folder))
  const pid = Number(text)
  if (strangers.has(pid) || ['dead', 'elsewhere'].includes(await judge(pid, folder))) return undefined
  return { pid, port: Number(port ?? 0), status: status ?? 'starting' }
}

/**
 * PostgreSQL refuses to start while any process of its user has the number in postmaster.pid: after a reboot that may be a
 * stranger, in a copied folder the original's server, and in a container a zombie. Where we know better, the file is taken away; moved first
 * and then looked at, since another process may have started a server in this very moment. True when it is gone.
 */
export async function forgetStranger(folder: string, strangers: Strangers): Promise<boolean> {
  const file = fileOf(folder)
  const isStrangers = async (path: string) => {
    const pid = Number((await noted(path))[0])
    return strangers.has(pid) || (await judge(pid, folder)) === 'elsewhere'
  }
  if (!(await isStrangers(file))) return false
  const aside = `${file}.${process.pid}`
  await rename(file, aside).catch(() => {})
  const gone = await isStrangers(aside)
  if (!gone) await link(aside, file).catch(() => {})
  await rm(aside, { force: true })
  return gone
}

type Stopped = {
  /** The server itself has said that it runs on this folder. */
  confirmed?: boolean
  patience?: number
}

/** Fast shutdown: open transactions are rolled back, everything that was committed is kept. No process but the folder's own server is signaled. */
export async function stopPostmaster(folder: string, pid: number, { confirmed = false, patience = 15_000 }: Stopped = {}) {
  const runs = async () => {
    const verdict = await judge(pid, folder)
    if (verdict === 'perhaps' && !confirmed)
      throw new StartError(
        `The process ${pid} may be the server of the database folder ${folder} or a stranger's; stop it, or delete postmaster.pid there.`,
      )
    return verdict === 'ours' || verdict === 'perhaps'
  }
  const steps = [
    { signal: 'SIGINT', within: patience },
    { signal: 'SIGQUIT', within: 5000 },
    { signal: 'SIGKILL', within: 1000 },
  ] as const
  for (const { signal, within } of steps) {
    if (!(await runs())) return
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    for (const until = Date.now() + within; Date.now() < until; await sleep(20)) if (!(await runs())) return
  }
}
