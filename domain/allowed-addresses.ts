import { BlockList, isIPv6 } from 'node:net'

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')

/** Whether a token may be used from there: from anywhere while it names nothing, from nowhere unknown once it does. */
export function isAllowedFrom(allowed: readonly string[], address: string | null): boolean {
  if (allowed.length === 0) return true
  if (address === null) return false
  const networks = new BlockList()
  for (const one of allowed) {
    const [network = '', bits] = one.split('/')
    if (bits === undefined) networks.addAddress(network, familyOf(network))
    else networks.addSubnet(network, Number(bits), familyOf(network))
  }
  // A server that listens on both families sees an IPv4 client as ::ffff:192.0.2.1.
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '')
  return networks.check(bare, familyOf(bare))
}
