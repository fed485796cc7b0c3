import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Limits } from './limits.ts'
import { stopReading } from './stop-reading.ts'
import { refuseEarly } from './refuse-raw.ts'

type Waiting = [IncomingMessage, ServerResponse]

/**
 * Serves one request of a connection at a time: answers leave in order, so early ones would wait in memory. A client that
 * pipelines too many is refused, and disconnected after its earlier answers.
 */
export function servingInTurn({ pipelined }: Pick<Limits, 'pipelined'>, serve: RequestListener): RequestListener {
  const queues = new WeakMap<Socket, Waiting[]>()

  function next(socket: Socket): void {
    const queue = queues.get(socket)!
    queue.shift()
    const [first] = queue
    if (first) begin(socket, first)
  }

  function begin(socket: Socket, [request, response]: Waiting): void {
    response.once('close', () => next(socket))
    if (response.destroyed || socket.destroyed) return void response.destroy()
    if (response.writableEnded) return
    serve(request, response)
  }

  return (request, response) => {
    const { socket } = request
    let queue = queues.get(socket)
    if (!queue) queues.set(socket, (queue = []))
    if (queue.length > pipelined) return
    queue.push([request, response])
    if (queue.length > pipelined) {
      stopReading(socket)
      response.setHeader('connection', 'close')
      refuseEarly(response, {
        code: 'too_much_at_once',
        sentence: `Send at most ${pipelined} requests before you read their responses`,
        headers: { 'retry-after': '1' },
      })
    }
    if (queue.length === 1) begin(socket, queue[0]!)
  }
}
