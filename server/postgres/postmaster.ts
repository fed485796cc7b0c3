import { link, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from '#config/start-error'
import { judge } from './process.ts'

/** What postmaster.pid says about the server that runs on a data folder. */
export interface Postmaster {
  pid: number
  port: number
  status: string
}

/** Processes that have reported another data folder. */
export type Strangers = ReadonlySet<number>

const fileOf = (folder: string) => join(folder, 'postmaster.pid')

const noted = async (file: string) =>
  (await readFile(file, 'utf8').catch(() => '')).split('\n').map((line) => line.trim()) as (string | undefined)[]

const nobody: Strangers = new Set()

/** The living server of a data folder; undefined when there is none. A postmaster.pid that was copied or is stale names none. */
export async function findPostmaster(folder: string, strangers = nobody): Promise<Postmaster | undefined> {
  const [text, , , port, , , , status] = await noted(fileOf(folder))
  const pid = Number(text)
  if (strangers.has(pid) || ['dead', 'elsewhere'].includes(await judge(pid, folder))) return undefined
  return { pid, port: Number(port ?? 0), status: status ?? 'starting' }
}

/**
 * Removes a postmaster.pid with the number of an unrelated process, which keeps PostgreSQL from starting. True when it is gone.
 * That may be a stranger after a reboot, a copied folder's original server, or a zombie in a container. Moves the file first:
 * another process may just have started a server.
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
  /** The server itself has reported this folder. */
  confirmed?: boolean
  patience?: number
}

/** Fast shutdown: open transactions roll back, and committed data stays. Signals no process but the folder's own server. */
export async function stopPostmaster(folder: string, pid: number, { confirmed = false, patience = 15_000 }: Stopped = {}) {
  const runs = async () => {
    const verdict = await judge(pid, folder)
    if (verdict === 'perhaps' && !confirmed)
      throw new StartError(
        `The process ${pid} may or may not be the server of the database folder ${folder}. If it is, stop it; if not, delete postmaster.pid in that folder.`,
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
