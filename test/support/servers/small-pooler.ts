import { once } from 'node:events'
import { type AddressInfo, type Socket, createServer } from 'node:net'
import { Client } from 'pg'

/** Length of the head of a message: its type and its length. */
const HEAD = 5
const STARTUP = 196_608

const message = (type: string, ...parts: (string | Buffer)[]) => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)))
  const head = Buffer.alloc(HEAD)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
const idle = message('Z', 'I')
const refusal = (text: string) => message('E', `SFATAL\0VFATAL\0C08P01\0M${text}\0\0`)

/** Calls `each` with every whole message of the chunks. */
function messages(each: (type: string, whole: Buffer) => void) {
  let rest = Buffer.alloc(0)
  return (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= HEAD && rest.length > rest.readInt32BE(1)) {
      const whole = rest.subarray(0, rest.readInt32BE(1) + 1)
      rest = rest.subarray(whole.length)
      each(String.fromCharCode(whole[0]!), whole)
    }
  }
}

/** A session of PostgreSQL, and the client whose transaction it serves. */
type Session = { socket: Socket; serves: ((type: string, whole: Buffer) => void) | undefined }

/**
 * A connection pooler in transaction mode, as old ones are: each transaction gets any free session, whatever was set or prepared on
 * another, and clients can set nothing as they connect.
 */
export async function startSmallPooler(url: string, { options }: { options: 'refused' | 'ignored' }) {
  const sessions: Session[] = []
  const clients: Client[] = []

  async function freeSession(): Promise<Session> {
    const free = sessions.findLast(({ serves }) => !serves)
    if (free) return free
    const client = new Client({ connectionString: url })
    client.on('error', () => {})
    await client.connect()
    clients.push(client)
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
    stream.removeAllListeners('data')
    const session: Session = { socket: stream, serves: undefined }
    stream.on(
      'data',
      messages((type, whole) => session.serves?.(type, whole)),
    )
    sessions.push(session)
    return session
  }

  function serve(socket: Socket): void {
    let session: Session | undefined
    let unanswered = 0
    let turn = Promise.resolve()
    const forward = async (type: string, whole: Buffer) => {
      if (type === 'X') return void socket.end()
      if (!session) {
        session = await freeSession()
        session.serves = (kind, answer) => {
          if (kind === 'Z' && --unanswered === 0 && answer.at(-1) === idle.at(-1)) {
            session!.serves = undefined
            session = undefined
          }
          socket.write(answer)
        }
      }
      if (type === 'Q' || type === 'S') unanswered++
      session.socket.write(whole)
    }
    const read = messages((type, whole) => void (turn = turn.then(() => forward(type, whole))))
    socket.once('data', (first: Buffer) => {
      if (first.readInt32BE(4) !== STARTUP) return socket.destroy()
      if (options === 'refused' && first.includes('\0options\0'))
        return socket.end(refusal('unsupported startup parameter: options'))
      socket.write(Buffer.concat([message('R', Buffer.alloc(4)), message('S', 'client_encoding\0UTF8\0'), idle]))
      socket.on('data', read)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      // What it leaves open belongs to nobody.
      if (session) sessions.splice(sessions.indexOf(session), 1)[0]!.socket.destroy()
    })
  }

  const server = createServer(serve).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = new URL(url)
  address.port = String((server.address() as AddressInfo).port)
  return {
    url: address.href,
    host: address.host,
    async stop() {
      server.close()
      await Promise.all(clients.map((client) => client.end().catch(() => {})))
    },
  }
}
