import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** The answers under way on a connection, each with what waits for its end, and the latest answer. */
type Connection = { open: Map<ServerResponse, (() => void)[]>; latest: ServerResponse | undefined }

const connections = new WeakMap<Socket, Connection>()

function newConnection(socket: Socket): Connection {
  const connection: Connection = { open: new Map(), latest: undefined }
  connections.set(socket, connection)
  // Of the answers that wait on a connection, Node tells only the first that it closed.
  socket.once('close', () => {
    for (const response of connection.open.keys()) end(connection, response)
  })
  return connection
}

function end({ open }: Connection, response: ServerResponse): void {
  const waiting = open.get(response)
  if (!open.delete(response)) return
  for (const callback of waiting!) callback()
}

/** Begins to follow an answer. `callbacks` are called once it has left or its connection has closed. */
export function followAnswer(response: ServerResponse, callbacks: (() => void)[]): void {
  const { socket } = response.req
  const connection = connections.get(socket) ?? newConnection(socket)
  connection.latest = response
  connection.open.set(response, callbacks)
  response.on('close', () => end(connection, response))
}

/** The latest answer of a connection, and those that have not ended. */
export function answersOn(socket: Socket): { open: ServerResponse[]; latest: ServerResponse | undefined } {
  const connection = connections.get(socket)
  return { open: [...(connection?.open.keys() ?? [])], latest: connection?.latest }
}

/** Resolves when an answer that is followed has left, or its connection has closed. */
export const isOver = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const waiting = connections.get(response.req.socket)?.open.get(response)
    if (waiting) waiting.push(resolve)
    else resolve()
  })
