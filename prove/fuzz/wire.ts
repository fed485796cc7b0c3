import { once } from 'node:events'
import { connect } from 'node:net'

export type WireAnswer = { status: number; headers: Record<string, string>; body: string }
/** Everything received until the connection closed: the answers in order, and bytes that are none. */
export type Exchange = { answers: WireAnswer[]; rest: string; wasClosed: boolean }

/** Sends these pieces unchanged, and reads until the server closes, as it must after the last request. */
export async function exchange(port: number, pieces: Buffer[], methods: string[]): Promise<Exchange> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const received: Buffer[] = []
  let wasClosed = true
  socket.on('data', (bytes: Buffer) => received.push(bytes))
  // A server that has refused a request need not read the rest.
  socket.on('error', () => {})
  socket.setTimeout(20_000, () => {
    wasClosed = false
    socket.destroy()
  })
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()))
  await Promise.race([once(socket, 'connect'), closed])
  for (const piece of pieces) {
    if (!socket.writable) break
    await new Promise<void>((resolve) => void socket.write(piece, () => resolve()))
  }
  await closed
  return { ...parsed(Buffer.concat(received).toString('latin1'), methods), wasClosed }
}

/** The answers to requests of these methods. Interim ones (100) are skipped; an incomplete one is part of the rest. */
export function parsed(text: string, methods: string[]): { answers: WireAnswer[]; rest: string } {
  const answers: WireAnswer[] = []
  let rest = text
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(rest)?.[1])
    if (end < 0 || !status) return { answers, rest }
    const lines = rest.slice(0, end).split('\r\n').slice(1)
    const after = rest.slice(end + 4)
    if (status < 200) {
      rest = after
      continue
    }
    const headers = Object.fromEntries(
      lines.map((line) => [line.split(':')[0]!.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    )
    const hasBody = methods[answers.length] !== 'HEAD' && status !== 204 && status !== 304
    const body = hasBody ? bodyOf(after, headers) : { text: '', length: 0 }
    if (!body) return { answers, rest }
    answers.push({ status, headers, body: body.text })
    rest = after.slice(body.length)
  }
}

function bodyOf(after: string, headers: Record<string, string>): { text: string; length: number } | undefined {
  const length = Number(headers['content-length'] ?? 0)
  if (headers['transfer-encoding'] === undefined)
    return after.length < length ? undefined : { text: after.slice(0, length), length }
  let text = ''
  for (let at = 0; ;) {
    const line = after.indexOf('\r\n', at)
    const size = Number.parseInt(after.slice(at, line), 16)
    if (line < 0 || Number.isNaN(size) || after.length < line + 2 + size + 2) return undefined
    text += after.slice(line + 2, line + 2 + size)
    at = line + 2 + size + 2
    if (size === 0) return { text, length: at }
  }
}
