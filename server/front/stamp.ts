import type { IncomingMessage } from 'node:http'

/** Sets a header of a request in place of whatever the client sent, for every way of reading it. `name` is in lower case. */
export function stamp(request: IncomingMessage, name: string, value: string): void {
  const raw = request.rawHeaders
  if (request.headers[name] !== undefined)
    for (let i = raw.length - 2; i >= 0; i -= 2) if (raw[i]?.toLowerCase() === name) raw.splice(i, 2)
  raw.push(name, value)
  request.headers[name] = value
}
