import { BlockList, isIPv6 } from 'node:net'

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')

/** Tells whether an address is one of these, or in one of these networks. */
export function networksOf(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const one of networks) {
    const [network = '', bits] = one.split('/')
    if (bits === undefined) list.addAddress(network, familyOf(network))
    else list.addSubnet(network, Number(bits), familyOf(network))
  }
  return (address) => {
    // A server that listens on both families sees an IPv4 client as ::ffff:192.0.2.1.
    const bare = address.replace(/^::ffff:(?=\d+\.)/i, '')
    return list.check(bare, familyOf(bare))
  }
}

/** Whether a token may be used from there: from anywhere while it names nothing, from nowhere unknown once it does. */
export const isAllowedFrom = (allowed: readonly string[], address: string | null): boolean =>
  allowed.length === 0 || (address !== null && networksOf(allowed)(address))
