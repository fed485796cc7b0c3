import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { once } from 'node:events'
import { type FileHandle, open, realpath, rename, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { StartError } from '#config/start-error'

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EISDIR: 'it is a folder',
  ENOENT: 'its folder does not exist',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'its folder does not exist',
  EPIPE: 'the program that reads it has ended',
  EROFS: 'the disk is read-only',
}

function cannotWrite(name: string, error: unknown): unknown {
  const { code, syscall } = error as { code?: string; syscall?: string }
  return code && syscall ? new StartError(`${name} can’t be written: ${reasons[code] ?? code}.`) : error
}

/** Where a backup goes. `finish` makes it whole; without it nothing remains that looks like one. */
export type Target = { write(bytes: Buffer): Promise<void>; finish(): Promise<void>; discard(): Promise<void> }

/** The file itself where the name is a link to one. */
async function placeOf(file: string): Promise<string> {
  const there = await stat(file).catch(() => undefined)
  if (there && !there.isFile())
    throw new StartError(`${file} is not a file. Name a file, or write - and redirect the standard output.`)
  return there ? realpath(file) : file
}

/**
 * Writes beside the target and renames at the end, so that the name always leads to a whole backup, and only its owner can read
 * it. A backup that was killed leaves a file with a name of its own, which does not restore.
 */
export async function fileTarget(file: string): Promise<Target> {
  const place = await placeOf(file)
  const draft = join(dirname(place), `.${basename(place)}.${randomUUID()}.part`)
  const attempt = <T>(work: Promise<T>) => work.catch((error: unknown) => Promise.reject(cannotWrite(file, error)))
  const handle: FileHandle = await attempt(open(draft, 'wx', 0o600))
  const forget = () => rmSync(draft, { force: true })
  process.once('exit', forget)
  return {
    write: async (bytes) => {
      // One call may write less than all of it.
      for (let at = 0; at < bytes.length;) at += (await attempt(handle.write(bytes, at))).bytesWritten
    },
    async finish() {
      await attempt(handle.sync())
      await handle.close()
      await attempt(rename(draft, place))
      process.off('exit', forget)
      // Without this the name could lead to the file of before after a crash of the machine. Windows opens no folders.
      const folder = await open(dirname(place), 'r').catch(() => undefined)
      await folder?.sync().catch(() => {})
      await folder?.close()
    },
    async discard() {
      process.off('exit', forget)
      await handle.close().catch(() => {})
      forget()
    },
  }
}

/** Writes to the standard output, as fast as its reader reads. */
export function pipeTarget(output: NodeJS.WriteStream): Target {
  if (output.isTTY) throw new StartError('A backup is not text for a terminal. Redirect the standard output, or name a file.')
  let failure: unknown
  const failed = new Promise<never>((_, reject) => {
    output.once('error', (error: unknown) => {
      failure = cannotWrite('The standard output', error)
      reject(failure)
    })
  })
  failed.catch(() => {})
  return {
    async write(bytes) {
      if (failure) throw failure
      if (!output.write(bytes)) await Promise.race([once(output, 'drain'), failed])
    },
    finish: () =>
      Promise.race([
        failed,
        new Promise<void>((resolve) => {
          output.write('', () => resolve())
        }),
      ]),
    async discard() {},
  }
}
