import type { IncomingMessage } from 'node:http'
import { type Socket, SocketAddress, isIP, isIPv6 } from 'node:net'
import { networksOf } from '#domain/access/allowed-addresses'
import { log } from '../log.ts'

/** No request passes more proxies. A longer list is not read any further. */
const MOST_HOPS = 32

const hop = /^(?:\[(?<bracketed>[^\]]*)\]|(?<bare>[^:]*))(?::(?<port>\d{1,5}))?$/

const unquoted = (text: string) => (/^".*"$/.test(text) ? text.slice(1, -1) : text)

/** Removes the port and brackets that some proxies write: `198.51.100.9:51234`, `"[2001:db8::7]:443"`. */
function bareAddress(text: string): string | undefined {
  if (isIP(text) > 0) return text
  const { bracketed, bare, port = '0' } = hop.exec(text)?.groups ?? {}
  if (Number(port) > 65_535 || (bracketed !== undefined && !isIPv6(bracketed))) return undefined
  return bracketed ?? bare
}

/**
 * Normalizes an address: IPv4 mapped into IPv6 becomes IPv4, and the zone is dropped because it has a meaning on one machine
 * only.
 */
function readAddress(written: string): string | undefined {
  const address = bareAddress(unquoted(written.trim()))?.replace(/%.*$/, '')
  if (address === undefined || isIP(address) === 0) return undefined
  if (!isIPv6(address)) return address
  const spelled = new SocketAddress({ address, family: 'ipv6' }).address
  return /^::ffff:(\d+\.[\d.]+)$/.exec(spelled)?.[1] ?? spelled
}

/** Who is at the other end of a connection: the client, or its proxy. Empty when that is no longer known. */
export const peerOf = (socket: Pick<Socket, 'remoteAddress'>): string => readAddress(socket.remoteAddress ?? '') ?? ''

/** The addresses that proxies noted, nearest first. Node joins repeated headers of this name. */
const hopsOf = ({ headers }: IncomingMessage) =>
  [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').slice(-MOST_HOPS).toReversed()

/**
 * Finds the client's address: the peer, or when the peer is a trusted proxy, the last noted address that is not a trusted proxy.
 * An unreadable address ends the search, since nothing beyond it is known to come from a proxy.
 */
export function clientAddresses(proxies: readonly string[]): (request: IncomingMessage) => string {
  const isTrusted = networksOf(proxies)
  let warned = proxies.length > 0

  function warnOnce({ headers, socket }: IncomingMessage) {
    if (warned || (headers['x-forwarded-for'] ?? headers['forwarded']) === undefined) return
    warned = true
    log.warn(
      `A request from ${socket.remoteAddress} was forwarded for another client, but BULKHEAD_TRUSTED_PROXIES is not set, so all clients behind the proxy share its address. Set it to the addresses of your proxies`,
    )
  }

  return (request) => {
    warnOnce(request)
    let address = peerOf(request.socket)
    for (const noted of hopsOf(request)) {
      if (!isTrusted(address)) break
      const before = readAddress(noted)
      if (before === undefined) break
      address = before
    }
    return address
  }
}
