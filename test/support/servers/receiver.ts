import { once } from 'node:events'
import { type IncomingMessage, type RequestListener, type ServerResponse, createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'

/** A self-signed certificate for `hooks.example.test`, used only here. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBeTCCAR+gAwIBAgIBATAKBggqhkjOPQQDAjAdMRswGQYDVQQDDBJob29rcy5l
eGFtcGxlLnRlc3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMB0x
GzAZBgNVBAMMEmhvb2tzLmV4YW1wbGUudGVzdDBZMBMGByqGSM49AgEGCCqGSM49
AwEHA0IABBINZ5g4/lITdMxibRNZSi02H7sd/xrnTFc7wTyPI/0DwwL6BsVkWPj8
q+pTPeK3G/cRNhVUTsbwFPl/h2HPKxejTjBMMAwGA1UdEwQFMAMBAf8wHQYDVR0R
BBYwFIISaG9va3MuZXhhbXBsZS50ZXN0MB0GA1UdDgQWBBSaVotY+PReZ1LFCVWN
GM8tcXucajAKBggqhkjOPQQDAgNIADBFAiAsPD/Bo18X7T1mjQk395ZiBLGGggm9
W4JlTtZrhjNcIwIhAIL6Y59hOb4qGo0/RMuQrB20gUcYAQn8jsyZhCyMaGql
-----END CERTIFICATE-----
`
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgn98sVorv/ObtSWh3
VBokBkE+jHcMg9IdHT4ve/QH012hRANCAAQSDWeYOP5SE3TMYm0TWUotNh+7Hf8a
50xXO8E8jyP9A8MC+gbFZFj4/KvqUz3itxv3ETYVVE7G8BT5f4dhzysX
-----END PRIVATE KEY-----
`

export type Received = { path: string; headers: IncomingMessage['headers']; body: string }
type Answer = (response: ServerResponse, received: Received) => void

/** A real server on a loopback port that keeps what it receives, and answers 204 unless told otherwise. */
export async function startReceiver({ https = false, answer }: { https?: boolean; answer?: Answer } = {}) {
  const received: Received[] = []
  const waiting: (() => void)[] = []
  let answering: Answer = answer ?? ((response) => void response.writeHead(204).end())
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() }
      received.push(one)
      for (const wake of waiting.splice(0)) wake()
      answering(response, one)
    })
  }
  const server = https ? createHttps({ cert: certificate, key }, listener) : createHttp(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    received,
    url: https ? `https://hooks.example.test:${port}/hook` : `http://127.0.0.1:${port}/hook`,
    answerWith(next: Answer) {
      answering = next
    },
    /** Resolves when this many have arrived. */
    async until(count: number) {
      while (received.length < count) await new Promise<void>((wake) => waiting.push(wake))
      return received
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
