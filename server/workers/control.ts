import { chmod, mkdir, readdir, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { log } from '../log.ts'

const name = (port: number) => `server-${port}.sock`
const named = /^server-(\d+)\.sock$/

/** The longest path of a socket that every system accepts, in bytes. */
const LONGEST = 100

export type Reloaded = { workers: number } | { refusal: string }

/**
 * Answers `bulkhead reload` on a socket in the data folder, which the server's own user can reach. Without one the server runs too.
 * Returns a function that ends it.
 */
export async function answerReloads(folder: string, port: number, reload: () => Promise<number>): Promise<() => Promise<void>> {
  const path = join(folder, name(port))
  const server = createServer((socket) => {
    socket.on('error', () => {})
    void reload()
      .then(
        (workers): Reloaded => ({ workers }),
        (error: unknown): Reloaded => ({ refusal: error instanceof Error ? error.message : String(error) }),
      )
      .then((reloaded) => void socket.end(JSON.stringify(reloaded)))
  })
  try {
    if (Buffer.byteLength(path) > LONGEST) throw new Error(`the path ${path} is too long for a socket`)
    await mkdir(folder, { recursive: true })
    // A server that was killed has left its own, and nobody else listens on this port.
    await rm(path, { force: true })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, resolve)
    })
    await chmod(path, 0o600)
  } catch (error) {
    server.close()
    log.warn(`bulkhead reload will not find this server: ${(error as Error).message}. Send SIGUSR2 instead`)
    return async () => {}
  }
  return async () => {
    server.close()
    await rm(path, { force: true })
  }
}

/** Has the server at a socket replace its workers; undefined when none answers there. */
async function reloadAt(path: string): Promise<Reloaded | undefined> {
  const socket = connect(path)
  try {
    return JSON.parse(await text(socket)) as Reloaded
  } catch {
    return undefined
  }
}

/** Has each server that runs from this data folder replace its workers. Says for each port how it went. */
export async function reloadServers(folder: string): Promise<{ port: number; reloaded: Reloaded }[]> {
  const found = (await readdir(folder).catch(() => [])).flatMap((file) => {
    const port = named.exec(file)?.[1]
    return port === undefined ? [] : [{ port: Number(port), path: join(folder, file) }]
  })
  const all: { port: number; reloaded: Reloaded }[] = []
  for (const { port, path } of found) {
    const reloaded = await reloadAt(path)
    if (reloaded) all.push({ port, reloaded })
  }
  return all
}
