import { type Agent, request } from 'node:http'

export type Delivery = { status: number; body: string } | { error: string; reused: boolean }

type Letter = { method: string; path: string; headers?: Record<string, string>; body?: string }

/** One request on a connection of this agent's, which tells what became of the connection: `fetch` would not. */
export function deliver(agent: Agent | false, port: number, { method, path, headers = {}, body }: Letter): Promise<Delivery> {
  return new Promise((resolve) => {
    const length: Record<string, string> = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const sent = request({ agent, port, host: '127.0.0.1', method, path, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() }))
      response.on('error', (error: NodeJS.ErrnoException) =>
        resolve({ error: `cut in its answer: ${error.code}`, reused: false }),
      )
    })
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message, reused: sent.reusedSocket }))
    sent.end(body)
  })
}
