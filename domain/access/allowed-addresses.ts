import { BlockList, isIPv6 } from 'node:net'

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')

/** Returns a predicate: whether an address is one of these or in one of these networks. */
export function networksOf(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const one of networks) {
    const [network = '', bits] = one.split('/')
    if (bits === undefined) list.addAddress(network, familyOf(network))
    else list.addSubnet(network, Number(bits), familyOf(network))
  }
  return (address) => {
    // A dual-stack server sees an IPv4 client as ::ffff:192.0.2.1.
    const bare = address.replace(/^::ffff:(?=\d+\.)/i, '')
    return list.check(bare, familyOf(bare))
  }
}

/**
 * Whether a token may be used from this address. An empty list allows all addresses; any other list refuses an unknown (null)
 * address.
 */
export const isAllowedFrom = (allowed: readonly string[], address: string | null): boolean =>
  allowed.length === 0 || (address !== null && networksOf(allowed)(address))
