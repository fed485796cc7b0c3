import { isIPv4 } from 'node:net'

/** A range of addresses, both ends included. An IPv4 address counts as its IPv4-mapped IPv6 address, as in a list of networks. */
type Range = { first: bigint; last: bigint }

const BITS = 128
const MAPPED = 0xffffn << 32n

/** Whether every address of these networks is in one of the outer ones, however either is split. */
export function areWithin(networks: readonly string[], outer: readonly string[]): boolean {
  const whole = joined(outer.map(rangeOf))
  return networks.map(rangeOf).every(({ first, last }) => whole.some((range) => range.first <= first && last <= range.last))
}

/** The same addresses, with overlapping and adjacent ranges merged. */
function joined(ranges: Range[]): Range[] {
  const all: Range[] = []
  for (const range of ranges.toSorted((a, b) => (a.first < b.first ? -1 : 1))) {
    const before = all.at(-1)
    if (before && range.first <= before.last + 1n) before.last = range.last > before.last ? range.last : before.last
    else all.push({ ...range })
  }
  return all
}

/** `198.51.100.7`, `198.51.100.0/24`, `2001:db8::/32`. Bits after the prefix are ignored. */
function rangeOf(network: string): Range {
  const [address = '', prefix] = network.split('/')
  const v4 = isIPv4(address)
  const length = prefix === undefined ? BITS : Number(prefix) + (v4 ? 96 : 0)
  const rest = BigInt(BITS - length)
  const first = ((v4 ? MAPPED | numberOfV4(address) : numberOfV6(address)) >> rest) << rest
  return { first, last: first | ((1n << rest) - 1n) }
}

const numberOfV4 = (address: string) => address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n)

/** Accepts any spelling: a URL's hostname is always normalized. */
function numberOfV6(address: string): bigint {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const left = head.split(':').filter(Boolean)
  const right = (tail ?? '').split(':').filter(Boolean)
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right].reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n)
}
