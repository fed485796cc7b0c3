import { randomUUID } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PIECE = 64 * 1024

/**
 * A nameless file for data too long for memory: only this process can open it, and it disappears when it is closed, also by a
 * crash. Created in the folder of `TMPDIR`.
 */
export async function openSpool() {
  const path = join(tmpdir(), `bulkhead-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  // Windows keeps an open file; it is removed when it is closed.
  const isGone = await unlink(path).then(
    () => true,
    () => false,
  )
  let size = 0
  let isOpen = true
  return {
    size: () => size,
    async write(bytes: Uint8Array): Promise<void> {
      await file.appendFile(bytes)
      size += bytes.byteLength
    },
    read: () => pieces(file, size),
    async load(): Promise<Buffer> {
      const whole = Buffer.allocUnsafeSlow(size)
      for (let at = 0; at < size;) {
        const { bytesRead } = await file.read(whole, at, size - at, at)
        if (bytesRead === 0) throw new Error('a spooled file is shorter than what was written')
        at += bytesRead
      }
      return whole
    },
    async close(): Promise<void> {
      if (!isOpen) return
      isOpen = false
      await file.close()
      if (!isGone) await unlink(path).catch(() => {})
    },
  }
}

export type Spool = Awaited<ReturnType<typeof openSpool>>

async function* pieces(file: FileHandle, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < size;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(PIECE), 0, Math.min(PIECE, size - at), at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
