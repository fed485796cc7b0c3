import type { IncomingMessage } from 'node:http'
import { SocketAddress, isIP, isIPv6 } from 'node:net'
import { networksOf } from '#domain/access/allowed-addresses'
import { log } from '../log.ts'

/** More proxies than any request passes; a longer list is not read further. */
const MOST_HOPS = 32

const hop = /^(?:\[(?<bracketed>[^\]]*)\]|(?<bare>[^:]*))(?::(?<port>\d{1,5}))?$/

const unquoted = (text: string) => (/^".*"$/.test(text) ? text.slice(1, -1) : text)

/** Without the port and the brackets that some proxies write around it: `198.51.100.9:51234`, `"[2001:db8::7]:443"`. */
function bareAddress(text: string): string | undefined {
  if (isIP(text) > 0) return text
  const { bracketed, bare, port = '0' } = hop.exec(text)?.groups ?? {}
  if (Number(port) > 65_535 || (bracketed !== undefined && !isIPv6(bracketed))) return undefined
  return bracketed ?? bare
}

/** An address in its one spelling: IPv4 as itself also when mapped into IPv6, and without a zone, which means something on one machine alone. */
function readAddress(written: string): string | undefined {
  const address = bareAddress(unquoted(written.trim()))?.replace(/%.*$/, '')
  if (address === undefined || isIP(address) === 0) return undefined
  if (!isIPv6(address)) return address
  const spelled = new SocketAddress({ address, family: 'ipv6' }).address
  return /^::ffff:(\d+\.[\d.]+)$/.exec(spelled)?.[1] ?? spelled
}

/** What proxies noted, the nearest first; Node joins several headers of this name. */
const hopsOf = ({ headers }: IncomingMessage) =>
  [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').slice(-MOST_HOPS).toReversed()

/**
 * Who speaks to us, or whom a proxy that we trust speaks for: the last of those that proxies noted who is none of them. What cannot be read
 * ends the walk, since nothing beyond it is known to come from a proxy.
 */
export function clientAddresses(proxies: readonly string[]): (request: IncomingMessage) => string {
  const isTrusted = networksOf(proxies)
  let warned = proxies.length > 0

  function warnOnce({ headers, socket }: IncomingMessage) {
    if (warned || (headers['x-forwarded-for'] ?? headers['forwarded']) === undefined) return
    warned = true
    log.warn(
      `A request from ${socket.remoteAddress} names the client that it is forwarded for, and BULKHEAD_TRUSTED_PROXIES is not set: everybody behind a proxy has the proxy's address. Set it to the addresses of your proxies`,
    )
  }

  return (request) => {
    warnOnce(request)
    let address = readAddress(request.socket.remoteAddress ?? '') ?? ''
    for (const noted of hopsOf(request)) {
      if (!isTrusted(address)) break
      const before = readAddress(noted)
      if (before === undefined) break
      address = before
    }
    return address
  }
}
