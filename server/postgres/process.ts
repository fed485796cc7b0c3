import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { isSameFolder } from './same-folder.ts'

const run = promisify(execFile)

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * `elsewhere`: alive, but not this folder's server. After a reboot a number may belong to any process, in a copied folder to the
 * original's server, and in a container without a reaper to a zombie.
 */
export type Verdict = 'dead' | 'elsewhere' | 'perhaps' | 'ours'

/** Whether the process with this number is the PostgreSQL that runs on this folder. */
export async function judge(pid: number, folder: string): Promise<Verdict> {
  if (!(pid > 0) || !isAlive(pid)) return 'dead'
  if (process.platform === 'linux') return judgeByProc(pid, folder)
  return process.platform === 'win32' ? 'perhaps' : judgeByCommand(pid, folder)
}

async function judgeByProc(pid: number, folder: string): Promise<Verdict> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  if (!/\(postgres\) [^ZX]/.test(line)) return 'elsewhere'
  // PostgreSQL changes into its data folder and stays there.
  const place = `/proc/${pid}/cwd`
  if (await stat(place).catch(() => undefined)) return (await isSameFolder(place, folder)) ? 'ours' : 'elsewhere'
  // Only the owner of a data folder may run a server on it.
  const [runner, owner] = await Promise.all([`/proc/${pid}`, folder].map((path) => stat(path).catch(() => undefined)))
  return runner && owner && runner.uid !== owner.uid ? 'elsewhere' : 'perhaps'
}

/** Checks the `-D` argument, which our servers have. */
async function judgeByCommand(pid: number, folder: string): Promise<Verdict> {
  const { stdout } = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  if (!stdout.includes('postgres')) return 'elsewhere'
  const named = / -D (.+?)(?: -c |$)/.exec(stdout.trim())?.[1]
  if (named === undefined) return 'perhaps'
  return (await isSameFolder(named, folder)) ? 'ours' : 'elsewhere'
}
